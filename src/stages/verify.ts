import { type Verified, verify } from "../artifacts/verify.ts";
import { digitsOf } from "../core/artifacts/digest.ts";
import { counted, formatCount } from "../core/report/numbers.ts";
import { formatBytes } from "../core/text/bytes.ts";
import { EXIT } from "../errors.ts";
import { flag, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard verify` */
export default defineStage({
  name: "verify",
  summary: "Hash everything in the cache or a remote again, and say what is damaged or missing.",
  inputs: {
    remote: text("Look through this remote of .dvc/config, in place of the cache", {
      short: "r",
      placeholder: "name",
    }),
    all: flag("Look through the cache and the remote"),
    repair: flag("Put right what the other side or the working tree has whole"),
  },
  outputs: { damaged: "How many objects are damaged or missing, and not repaired" },
  examples: ["trainyard verify", "trainyard verify --all --repair"],

  async run({ remote, all, repair }, ports) {
    const workspace = await ports.workspace(ports.folder);
    const places: Verified[] = [];
    if (remote === undefined || all) places.push(await verify(workspace, undefined, { repair }));
    if (remote !== undefined || all) {
      places.push(await verify(workspace, await workspace.remote(remote), { repair }));
    }
    const left = places.flatMap(({ findings }) => findings).filter(({ repaired }) => !repaired);
    return {
      ...(left.length > 0 ? { exit: EXIT.failed } : {}),
      outputs: { damaged: String(left.length) },
      text: places
        .flatMap(({ url, objects, bytes, findings, unlisted, before }) => [
          ...findings.map(
            ({ kind, name, path, repaired }) =>
              `${repaired ? "repaired" : kind.padEnd(8)} ${digitsOf(name)}${path === undefined ? "" : `  of ${path}`}`,
          ),
          `${url}: ${counted(objects, "object")}, ${formatBytes(bytes)}; ${formatCount(
            findings.filter((one) => !one.repaired).length,
          )} damaged or missing; ${formatCount(unlisted)} that the working tree does not name${
            before > 0 ? `; ${formatCount(before)} were looked at before` : ""
          }`,
        ])
        .join("\n"),
      json: { places },
    };
  },
});
