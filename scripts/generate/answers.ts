import * as z from "zod";

/*
 * What `--json` prints, command by command: the page docs/reference/json.md is made from it, and a test holds
 * what the commands print against it.
 */

/** The shape of one command's answer. */
export interface Answer {
  /** As it is typed: `remote list`. */
  readonly command: string;
  /** Where the command prints something else: `with --dry-run`. */
  readonly when?: string;
  readonly shape: z.ZodType;
}

const count = z.number().int().nonnegative();
const md5 = z
  .string()
  .regex(/^[0-9a-f]{32}(\.dir)?$/)
  .meta({ title: "md5" });
const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ title: "sha256" });
const commit = z
  .string()
  .regex(/^[0-9a-f]{40,64}$/)
  .meta({ title: "commit" });
const time = z.iso.datetime({ offset: true }).meta({ title: "time" });
const path = z.string().meta({ title: "path" });
const about = <T extends z.ZodType>(shape: T, description: string): T => shape.describe(description);

const named = { md5, size: about(count, "bytes"), nfiles: about(count.optional(), "of a folder") };
const missing = about(z.array(z.strictObject({ path, md5, reason: z.string() })), "what nobody has");
const refused = about(
  z.array(z.strictObject({ path, file: path, found: md5, wanted: md5 })),
  "files that hold something of which there is no other copy; `file` is the first of a folder",
);
const pulled = z.strictObject({
  written: z.array(path),
  kept: about(z.array(path), "they held the right bytes"),
  bytes: about(count, "that were fetched"),
  refused,
  missing,
});
const nowhere = about(
  z.array(z.strictObject({ path, md5, named_by: path })),
  "of which neither this machine nor the remote has the bytes",
);
const imported = z.strictObject({
  path,
  pointer: path,
  ...named,
  commit: about(commit, "of the other repository"),
  changed: about(z.boolean(), "whether the pointer file says something new"),
});
const hashed = z.strictObject({ path, hash: md5, size: count.optional() });
const pair = <T extends z.ZodType>(one: T) => z.strictObject({ old: one, new: one });
const both = <T extends z.ZodType>(one: T) =>
  z.strictObject({ before: one.nullable(), after: one.nullable() });
const tableDiff = z.strictObject({
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
const ingredient = {
  kind: z.enum(["data", "code", "environment", "parameters", "backend", "tool", "stage"]),
  name: z.string(),
  md5: md5.optional(),
  sha256: sha256.optional(),
  size: count.optional(),
};
const version = z.strictObject({
  path,
  name: about(z.string(), "its md5; that of DVC 2 begins with md5-dos2unix:"),
  sha256: sha256.optional(),
  size: count.optional(),
  nfiles: count.optional(),
});
const metrics = z.record(z.string(), z.number());
const place = (more: z.ZodRawShape) => z.strictObject({ url: z.string(), ...more });
const object = { name: about(z.string(), "its md5"), size: count };
const configured = { file: about(path, "that was changed") };

/** Every command that is about artifacts, by name. */
export const ANSWERS: readonly Answer[] = [
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
    command: "diff",
    shape: z.strictObject({
      changed: z.boolean(),
      contracts: about(
        z.array(z.looseObject({ contract: path, commit })),
        "changes, metrics and gates of each",
      ),
      added: z.array(hashed),
      deleted: z.array(hashed),
      modified: z.array(z.strictObject({ path, hash: pair(md5), size: pair(count.nullable()) })),
      renamed: z.array(z.strictObject({ path: pair(path), hash: md5, size: count.optional() })),
      "not in cache": about(z.array(hashed), "spelt as DVC spells it"),
      unknown: about(z.array(z.strictObject({ path })), "folders of which no manifest tells the files"),
      tables: about(z.record(z.string(), tableDiff), "by path"),
    }),
  },
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
  {
    command: "lineage",
    shape: z.strictObject({
      schema: z.literal("trainyard/lineage/1"),
      subject: about(z.string(), "the id of the node that was asked for"),
      nodes: z.array(
        z.strictObject({
          id: z.string(),
          kind: z.enum(["import", "data", "code", "stage", "file", "model", "version", "environment"]),
          name: z.string(),
          details: z.array(z.string()),
          md5: md5.optional(),
          sha256: sha256.optional(),
          size: count.optional(),
          nfiles: count.optional(),
          stage: about(
            z
              .strictObject({
                folder: path,
                fingerprint: sha256.optional(),
                parameters: z.array(z.strictObject({ name: z.string(), value: z.unknown() })),
                backend: z.string().optional(),
                tool: z.string().optional(),
                rows: count.optional(),
                columns: z.record(z.string(), z.string()),
              })
              .optional(),
            "of a node that is a stage",
          ),
        }),
      ),
      edges: about(z.array(z.strictObject({ from: z.string(), to: z.string() })), "ids of nodes"),
    }),
  },
  {
    command: "log",
    shape: z.strictObject({
      schema: z.literal("trainyard/log/1"),
      path,
      changes: about(
        z.array(
          z.strictObject({
            commit,
            author: z.string(),
            at: time,
            subject: z.string(),
            path,
            before: version.nullable(),
            after: version.nullable(),
            files: about(z.array(path), "that name it and that the commit changed"),
            stage: z.string().nullable(),
            causes: z.array(z.string()),
            inputs: z.array(z.strictObject(ingredient)),
            metrics,
            metrics_before: metrics,
          }),
        ),
        "the newest first",
      ),
      more: about(z.boolean(), "whether there are older ones"),
      notes: z.array(z.string()),
    }),
  },
  {
    command: "merge",
    shape: z.strictObject({
      files: z.array(z.strictObject({ path, merged: z.boolean(), conflicts: z.array(z.string()) })),
    }),
  },
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
  {
    command: "why",
    shape: z.strictObject({
      schema: z.literal("trainyard/why/1"),
      model: z.string(),
      sha256: sha256.nullable(),
      md5: md5.nullable(),
      size: count.nullable(),
      files: count.nullable(),
      vouched: about(z.boolean().nullable(), "null where the ledger was not read"),
      commit: z.strictObject({ id: commit, author: z.string(), at: time, subject: z.string() }).nullable(),
      fingerprint: sha256.nullable(),
      found: z.string(),
      versions: z.array(z.strictObject({ tag: z.string(), by: z.string(), at: time })),
      ingredients: z.array(
        z.strictObject({ ...ingredient, value: z.unknown().optional(), reason: z.string() }),
      ),
      metrics: z.array(
        z.strictObject({
          name: z.string(),
          value: z.number().nullable(),
          interval: z.strictObject({ low: z.number(), high: z.number(), confidence: z.number() }).nullable(),
        }),
      ),
      gates: z.array(z.strictObject({ condition: z.string(), verdict: z.string() })),
      deployments: about(z.array(z.looseObject({})), "records of the ledger, the newest first"),
      pulls: z.array(
        z.strictObject({
          number: count,
          url: z.string(),
          title: z.string(),
          author: z.string(),
          approved_by: z.array(z.string()),
        }),
      ),
      notes: z.array(z.string()),
      verdicts: about(
        z.array(z.looseObject({})).nullable(),
        "records of the ledger; null where it was not read",
      ),
    }),
  },
];
