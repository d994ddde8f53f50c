import { type PullPreview, previewPull } from "../artifacts/preview.ts";
import { type Pulled, pull } from "../artifacts/pull.ts";
import { formatCount } from "../core/report/numbers.ts";
import { formatBytes } from "../core/text/bytes.ts";
import { EXIT, UserError } from "../errors.ts";
import { flag } from "./inputs.ts";
import { defineStage, type Result } from "./stage.ts";
import { choiceOf, transferInputs } from "./transfer-inputs.ts";

/** `trainyard pull [PATH…]` */
export default defineStage({
  name: "pull",
  summary: "Bring the data and model versions that this commit names from the remote.",
  inputs: {
    ...transferInputs,
    force: flag("Overwrite files that hold something of which there is no other copy", { short: "f" }),
    allowMissing: flag("What nobody has is told of, and is no failure"),
    dryRun: flag("Say what would be written, and write nothing"),
    sources: flag("Only the data that the contracts name; no model, and nothing that a lock claims"),
  },
  outputs: { written: "How many files or directories were written" },
  action: { icon: "download-cloud", color: "blue" },
  examples: ["trainyard pull", "trainyard pull data/cps.csv --force"],

  async run({ force, allowMissing, dryRun, sources, ...inputs }, ports) {
    const { paths, remote } = inputs;
    if (sources) {
      if (paths.length > 0 || dryRun) {
        throw new UserError("--sources goes with neither paths nor --dry-run", { exit: EXIT.usage });
      }
      const { pullSources } = await import("../works/pull-sources.ts"); // it reads the contracts
      const pulled = await pullSources(ports, { force, ...(remote === undefined ? {} : { remote }) });
      const broken = pulled.broken.map((message) => `left    ${message}`);
      return answer(pulled, EXIT.ok, broken); // whoever reads the contracts next says what is missing of which
    }
    const workspace = await ports.workspace(ports.folder);
    const choice = choiceOf(inputs, ports.folder);
    if (dryRun) return preview(await previewPull(workspace, choice));
    const pulled = await pull(workspace, { ...choice, force });
    // What lies in .trainyard is made again where it is missing; data and models cannot be.
    const lost = allowMissing ? [] : pulled.missing.filter(({ path }) => !/(^|\/)\.trainyard\//.test(path));
    return answer(pulled, lost.length + pulled.refused.length > 0 ? EXIT.failed : EXIT.ok, []);
  },
});

function answer(pulled: Pulled, exit: number, broken: readonly string[]): Result<"written"> {
  const { written, kept, refused, missing, bytes } = pulled;
  return {
    ...(exit === EXIT.ok ? {} : { exit }),
    outputs: { written: String(written.length) },
    ...(written.length + refused.length + missing.length + broken.length === 0 ? { markdown: "" } : {}),
    text: [
      ...written.map((path) => `wrote   ${path}`),
      ...refused.map(
        ({ path, file }) =>
          `refused ${path}  ${file === "" ? "it" : `"${file}" in it`} was changed here; \`trainyard add\` keeps it, --force overwrites it`,
      ),
      ...missing.map(({ path, reason }) => `missing ${path}  ${reason}`),
      ...broken,
      `wrote ${formatCount(written.length)}, kept ${formatCount(kept.length)}; fetched ${formatBytes(bytes)}`,
    ].join("\n"),
    json: pulled,
  };
}

function preview(found: PullPreview): Result<"written"> {
  const { would_write, kept, missing } = found;
  return {
    ...(missing.length > 0 ? { exit: EXIT.failed } : {}),
    outputs: { written: "0" },
    text: [
      ...would_write.map((path) => `would write ${path}`),
      ...missing.map((path) => `missing     ${path}`),
      `would write ${formatCount(would_write.length)}, kept ${formatCount(kept.length)}`,
    ].join("\n"),
    json: found,
  };
}
