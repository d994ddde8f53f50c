import * as z from "zod";
import { type Answer, about, count, md5, named, path, pulled } from "./shapes.ts";

/** What commands about the working tree print. */
export const WORKSPACE: readonly Answer[] = [
  {
    command: "add",
    shape: z.strictObject({
      added: z.array(
        z.strictObject({
          path,
          pointer: path,
          ...named,
          changed: about(z.boolean(), "whether the pointer file says something new"),
          gitignore: about(path.optional(), "that was changed"),
          odd: about(z.array(z.string()).optional(), "what makes it another one on every machine"),
        }),
      ),
    }),
  },
  { command: "checkout", shape: pulled.omit({ bytes: true }) },
  {
    command: "status",
    shape: z.strictObject({
      changed: z.boolean(),
      data: z.array(
        z.strictObject({
          path,
          md5,
          named_by: path,
          state: z.enum(["in place", "modified", "deleted", "not in cache"]),
        }),
      ),
      contracts: about(
        z.array(
          z.strictObject({
            contract: path,
            model: z.string(),
            stages: z.array(
              z.strictObject({
                work: z.string(),
                state: z.enum(["stands", "restores", "runs", "depends", "blocked"]),
                why: z.array(z.string()),
                verdict: z.string().optional(),
              }),
            ),
          }),
        ),
        "what would run; empty where data alone are spoken of",
      ),
    }),
  },
  {
    command: "status",
    when: "with `--cloud`",
    shape: z.strictObject({
      remotes: z.array(z.string()),
      versions: z.array(
        z.strictObject({ path, md5, state: z.enum(["in sync", "new", "deleted", "missing"]) }),
      ),
    }),
  },
  {
    command: "unprotect",
    shape: z.strictObject({
      unprotected: z.array(z.strictObject({ path, links: about(count, "that are files of their own now") })),
    }),
  },
];
