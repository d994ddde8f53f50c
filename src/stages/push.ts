import { type PushPreview, previewPush } from "../artifacts/preview.ts";
import { push } from "../artifacts/push.ts";
import { counted, formatCount } from "../core/report/numbers.ts";
import { formatBytes } from "../core/text/bytes.ts";
import { EXIT, UserError } from "../errors.ts";
import { flag } from "./inputs.ts";
import { defineStage, type Result } from "./stage.ts";
import { choiceOf, transferInputs } from "./transfer-inputs.ts";

/** `trainyard push [PATH…]` */
export default defineStage({
  name: "push",
  summary: "Send the data and model versions that this commit names to the remote.",
  inputs: {
    ...transferInputs,
    allObjects: flag("Ask for each file of a directory that is there, and vouch for everything anew"),
    packed: flag("Pack small files together on their way, whatever the contract says"),
    loose: flag("Send each file by itself, where DVC finds it, too"),
    dryRun: flag("Say what would be sent, and send nothing"),
  },
  outputs: { objects: "How many objects were sent" },
  action: { icon: "upload-cloud", color: "blue" },
  examples: ["trainyard push", "trainyard push models/wages --remote backup", "trainyard push --all-tags"],

  async run({ allObjects, packed, loose, dryRun, ...inputs }, ports) {
    if (packed && loose) {
      throw new UserError("--packed and --loose exclude each other; give one of them", { exit: EXIT.usage });
    }
    const workspace = await ports.workspace(ports.folder);
    const choice = { ...choiceOf(inputs, ports.folder), ...(packed || loose ? { packed } : {}) };
    if (dryRun) return preview(await previewPush(workspace, choice));
    const pushed = await push(workspace, { ...choice, allObjects });
    const { objects, bytes, versions, missing } = pushed;
    const lines = missing.map(
      ({ path, md5, named_by }) => `missing ${path}  ${named_by} names ${md5}, which is nowhere`,
    );
    return {
      ...(missing.length > 0 ? { exit: EXIT.failed } : {}),
      outputs: { objects: String(objects) },
      text: [
        ...lines,
        pushed.remote === undefined
          ? NOTHING
          : `${counted(versions, "version")} ${versions === 1 ? "is" : "are"} in ${pushed.remote}; sent ${counted(objects, "object")}, ${formatBytes(bytes)}`,
      ].join("\n"),
      json: pushed,
    };
  },
});

const NOTHING = "nothing to push: no pointer file and no lock names a version; `trainyard add` makes one";

function preview(found: PushPreview): Result<"objects"> {
  const { would_send, there, missing } = found;
  return {
    ...(missing.length > 0 ? { exit: EXIT.failed } : {}),
    outputs: { objects: "0" },
    text: [
      ...would_send.map((path) => `would send ${path}`),
      ...missing.map((path) => `missing    ${path}`),
      `would send ${counted(would_send.length, "version")}; the remote has ${formatCount(there.length)}`,
    ].join("\n"),
    json: found,
  };
}
