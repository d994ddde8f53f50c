import * as z from "zod";
import {
  type Answer,
  about,
  commit,
  count,
  imported,
  missing,
  nowhere,
  object,
  path,
  place,
  pulled,
  time,
} from "./shapes.ts";

/** What commands about what goes to a remote and comes from it print. */
export const TRANSFERS: readonly Answer[] = [
  {
    command: "fetch",
    shape: z.strictObject({
      versions: about(count, "that the cache has whole now"),
      objects: about(count, "that it did not have before"),
      bytes: count,
      missing,
    }),
  },
  {
    command: "fetch",
    when: "with `--dry-run`",
    shape: z.strictObject({ would_fetch: z.array(path), there: z.array(path), missing: z.array(path) }),
  },
  {
    command: "gc",
    shape: z.strictObject({
      deleted: about(z.boolean(), "false where nothing was asked to be deleted"),
      objects: count,
      bytes: count,
      places: z.array(
        place({
          unused: z.array(z.strictObject({ ...object, modified: time.optional() })),
          kept: z.array(z.strictObject({ ...object, why: z.string() })),
        }),
      ),
      not_seen: about(z.array(z.string()), "refs that could not be looked at"),
    }),
  },
  { command: "get", shape: z.strictObject({ path, commit }) },
  { command: "import", shape: imported },
  { command: "pull", shape: pulled },
  {
    command: "pull",
    when: "with `--dry-run`",
    shape: z.strictObject({ would_write: z.array(path), kept: z.array(path), missing: z.array(path) }),
  },
  {
    command: "push",
    shape: z.strictObject({
      remote: about(z.string().optional(), "its address"),
      versions: about(count, "that the remote has now"),
      objects: about(count, "that it did not have before"),
      bytes: count,
      missing: nowhere,
    }),
  },
  {
    command: "push",
    when: "with `--dry-run`",
    shape: z.strictObject({ would_send: z.array(path), there: z.array(path), missing: z.array(path) }),
  },
  { command: "update", shape: z.strictObject({ updated: z.array(imported) }) },
  {
    command: "verify",
    shape: z.strictObject({
      places: z.array(
        place({
          objects: count,
          bytes: count,
          findings: z.array(
            z.strictObject({
              name: z.string(),
              kind: z.enum(["damaged", "missing", "forged", "unreadable"]),
              path: path.optional(),
              repaired: z.boolean(),
            }),
          ),
          unlisted: about(count, "objects that nothing in the working tree names"),
          before: about(count, "objects that an interrupted run had looked at"),
        }),
      ),
    }),
  },
];
