import * as z from "zod";

/* What the answers of several commands have in common. */

/** The shape of one command's answer. */
export interface Answer {
  /** As it is typed: `remote list`. */
  readonly command: string;
  /** Where the command prints something else: `with --dry-run`. */
  readonly when?: string;
  readonly shape: z.ZodType;
}

export const count = z.number().int().nonnegative();
export const md5 = z
  .string()
  .regex(/^[0-9a-f]{32}(\.dir)?$/)
  .meta({ title: "md5" });
export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ title: "sha256" });
export const commit = z
  .string()
  .regex(/^[0-9a-f]{40,64}$/)
  .meta({ title: "commit" });
export const time = z.iso.datetime({ offset: true }).meta({ title: "time" });
export const path = z.string().meta({ title: "path" });
export const about = <T extends z.ZodType>(shape: T, description: string): T => shape.describe(description);

export const named = { md5, size: about(count, "bytes"), nfiles: about(count.optional(), "of a folder") };
export const missing = about(z.array(z.strictObject({ path, md5, reason: z.string() })), "what nobody has");
export const refused = about(
  z.array(z.strictObject({ path, file: path, found: md5, wanted: md5 })),
  "files that hold something of which there is no other copy; `file` is the first of a folder",
);
export const pulled = z.strictObject({
  written: z.array(path),
  kept: about(z.array(path), "they held the right bytes"),
  bytes: about(count, "that were fetched"),
  refused,
  missing,
});
export const nowhere = about(
  z.array(z.strictObject({ path, md5, named_by: path })),
  "of which neither this machine nor the remote has the bytes",
);
export const imported = z.strictObject({
  path,
  pointer: path,
  ...named,
  commit: about(commit, "of the other repository"),
  changed: about(z.boolean(), "whether the pointer file says something new"),
});
export const hashed = z.strictObject({ path, hash: md5, size: count.optional() });
export const pair = <T extends z.ZodType>(one: T) => z.strictObject({ old: one, new: one });
export const both = <T extends z.ZodType>(one: T) =>
  z.strictObject({ before: one.nullable(), after: one.nullable() });
export const tableDiff = z.strictObject({
  rows: both(count),
  columns: both(count),
  schema: z.enum(["same", "reordered", "changed"]),
  changes: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(["added", "removed", "changed"]),
      type: both(z.string()),
      missing: about(both(z.number()), "share of the rows"),
      distinct: both(z.number()),
      mean: both(z.number()),
      deviation: both(z.number()),
    }),
  ),
});
export const ingredient = {
  kind: z.enum(["data", "code", "environment", "parameters", "backend", "tool", "stage"]),
  name: z.string(),
  md5: md5.optional(),
  sha256: sha256.optional(),
  size: count.optional(),
};
export const version = z.strictObject({
  path,
  name: about(z.string(), "its md5; that of DVC 2 begins with md5-dos2unix:"),
  sha256: sha256.optional(),
  size: count.optional(),
  nfiles: count.optional(),
});
export const metrics = z.record(z.string(), z.number());
export const place = (more: z.ZodRawShape) => z.strictObject({ url: z.string(), ...more });
export const object = { name: about(z.string(), "its md5"), size: count };
export const configured = { file: about(path, "that was changed") };
