import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { counted } from "../core/report/numbers.ts";
import { UserError } from "../errors.ts";
import { contractPaths } from "../works/contract-paths.ts";
import { refresh, writeRefreshed } from "../works/retrain/refresh.ts";
import { required } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `$/actions/refresh`: runs a contract's command, and hands over what it brought. */
export default defineStage({
  name: "refresh",
  summary: "Run the command that brings a model's newest rows, and hand over what it brought, as data.",
  inputs: {
    contract: required("The contract, from the repository's top", { placeholder: "path" }),
    out: required("Folder to write: refreshed.json and files/", { placeholder: "folder" }),
  },
  outputs: { changed: "How many files are others now" },
  action: { icon: "refresh-cw", color: "purple" },
  command: false,

  async run({ contract, out }, ports) {
    const to = resolve(ports.folder, out);
    if (existsSync(to) && readdirSync(to).length > 0) {
      throw new UserError(`"${out}" is not empty; a hand-over goes into a new folder`);
    }
    const [path = ""] = await contractPaths(ports, contract);
    const found = await refresh(ports, path);
    await writeRefreshed(ports.folder, found, to);
    const { files, gone } = found;
    return {
      outputs: { changed: String(files.length) },
      text: [
        `${counted(files.length, "file")} of ${found.model}'s sources ${files.length === 1 ? "is" : "are"} new or changed`,
        ...files.map((file) => `changed ${file.path}`),
        ...gone.map((file) => `gone    ${file}; it stays in the repository as it was`),
      ].join("\n"),
      json: found,
    };
  },
});
