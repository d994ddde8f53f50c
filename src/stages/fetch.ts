import { fetchVersions } from "../artifacts/fetch.ts";
import { type FetchPreview, previewFetch } from "../artifacts/preview.ts";
import { counted, formatCount } from "../core/report/numbers.ts";
import { formatBytes } from "../core/text/bytes.ts";
import { EXIT } from "../errors.ts";
import { flag, number } from "./inputs.ts";
import { defineStage, type Result } from "./stage.ts";
import { choiceOf, transferInputs } from "./transfer-inputs.ts";

/** `trainyard fetch [PATH…]` */
export default defineStage({
  name: "fetch",
  summary: "Bring versions from the remote into the cache, and leave the working files as they are.",
  inputs: {
    ...transferInputs,
    maxSize: number("Only versions of at most so many bytes"),
    dryRun: flag("Say what would be fetched, and fetch nothing"),
  },
  outputs: { objects: "How many objects were fetched" },
  examples: ["trainyard fetch", "trainyard fetch --all-tags", "trainyard fetch data/cps.csv -r backup"],

  async run({ maxSize, dryRun, ...inputs }, ports) {
    const workspace = await ports.workspace(ports.folder);
    const choice = {
      ...choiceOf(inputs, ports.folder),
      ...(maxSize === undefined ? {} : { maxSize }),
    };
    if (dryRun) return preview(await previewFetch(workspace, choice));
    const fetched = await fetchVersions(workspace, choice);
    const { versions, objects, bytes, missing } = fetched;
    return {
      ...(missing.length > 0 ? { exit: EXIT.failed } : {}),
      outputs: { objects: String(objects) },
      text: [
        ...missing.map(({ path, reason }) => `missing ${path}  ${reason}`),
        `${counted(versions, "version")} ${versions === 1 ? "is" : "are"} in the cache; fetched ${counted(objects, "object")}, ${formatBytes(bytes)}`,
      ].join("\n"),
      json: fetched,
    };
  },
});

function preview(found: FetchPreview): Result<"objects"> {
  const { would_fetch, there, missing } = found;
  return {
    ...(missing.length > 0 ? { exit: EXIT.failed } : {}),
    outputs: { objects: "0" },
    text: [
      ...would_fetch.map((path) => `would fetch ${path}`),
      ...missing.map((path) => `missing     ${path}`),
      `would fetch ${counted(would_fetch.length, "version")}; the cache has ${formatCount(there.length)}`,
    ].join("\n"),
    json: found,
  };
}
