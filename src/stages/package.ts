import { resolve } from "node:path";
import { markdownCode, markdownText } from "../core/report/escape.ts";
import { counted } from "../core/report/numbers.ts";
import { formatBytes } from "../core/text/bytes.ts";
import { pack } from "../works/release/package.ts";
import { required, text } from "./inputs.ts";
import { releaseLedger } from "./release-scene.ts";
import { defineStage, type Result } from "./stage.ts";

/** `trainyard package --out wages-package` */
export default defineStage({
  name: "package",
  summary: "Write one model with all that serving needs into a folder, found by its digest and verified.",
  inputs: {
    contract: text("Contract file or its folder, where there are several", { placeholder: "path" }),
    environment: text("What this environment is to serve; else the model that the lock names", {
      placeholder: "name",
    }),
    sha256: text("These bytes, which the lock or a verdict in the ledger names", { placeholder: "digest" }),
    out: required("Folder to write; it must not be there yet", { placeholder: "folder" }),
    token: text("Reads the ledger, whose verdict goes into the model card", { placeholder: "token" }),
  },
  outputs: { folder: "The package's folder", sha256: "Digest of the model's folder in it" },
  action: {
    icon: "package",
    color: "blue",
    permissions: ["contents: read # the ledger"],
  },
  examples: ["trainyard package --out package", "trainyard package --environment production --out package"],

  async run({ out, token, ...asked }, ports): Promise<Result<"folder" | "sha256">> {
    const ledger = token === undefined ? undefined : await releaseLedger(ports, { token });
    const packed = await pack(ports, { ...asked, out: resolve(ports.folder, out), ledger });
    const { model, version, sha256, files, size, made } = packed;
    const what = `${model} ${version ?? `sha256 ${sha256.slice(0, 12)}`}`;
    return {
      outputs: { folder: packed.folder, sha256 },
      text: `${made ? "packed" : "stands"} ${what} in ${out}: ${counted(files, "file")}, ${formatBytes(size)}`,
      markdown: `📦 ${markdownText(what)}: ${counted(files, "file")}, ${formatBytes(size)}, ${markdownCode(`sha256 ${sha256}`)}\n`,
      json: packed,
    };
  },
});
