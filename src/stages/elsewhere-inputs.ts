import { flag, required, text } from "./inputs.ts";

/** What is wanted of another repository, and where it goes. */
export const elsewhereInputs = {
  url: required("The other repository: a path, or an address that Git knows", { positional: true }),
  path: required("The file or directory there, tracked by DVC or by Git", { positional: true }),
  out: text("Where it goes; else its own name, here", { short: "o", placeholder: "path" }),
  rev: text("Branch, tag or commit there; else its newest commit", { placeholder: "commit" }),
  force: flag("Overwrite what is there", { short: "f" }),
} as const;
