import * as z from "zod";
import { type Answer, about, configured, count, nowhere, path } from "./shapes.ts";

/** What commands about remotes print. */
export const REMOTES: readonly Answer[] = [
  {
    command: "remote add",
    shape: z.strictObject({ name: z.string(), default: z.boolean(), ...configured }),
  },
  {
    command: "remote default",
    shape: z.strictObject({
      remote: about(z.string().nullable(), "its name"),
      url: about(z.string().nullable(), "of a remote without a name, which a contract names"),
      named_by: about(z.string().nullable(), "the line that does"),
    }),
  },
  {
    command: "remote export",
    shape: z.strictObject({
      from: z.string(),
      to: z.string(),
      versions: about(count, "that the other one has now"),
      objects: about(count, "that it did not have before"),
      bytes: count,
      missing: nowhere,
    }),
  },
  {
    command: "remote export",
    when: "with `--dry-run`",
    shape: z.strictObject({ from: z.string(), to: z.string(), would_export: z.array(path), there: count }),
  },
  {
    command: "remote list",
    shape: z.strictObject({
      remotes: z.array(
        z.strictObject({
          name: about(z.string().nullable(), "null where a contract names it"),
          url: z.string(),
          default: z.boolean(),
          named_by: z.string(),
        }),
      ),
    }),
  },
  {
    command: "remote modify",
    shape: z.strictObject({ name: z.string(), option: z.string(), unset: z.boolean(), ...configured }),
  },
  { command: "remote remove", shape: z.strictObject({ name: z.string(), ...configured }) },
  {
    command: "remote rename",
    shape: z.strictObject({ name: z.string(), before: z.string(), ...configured }),
  },
];
