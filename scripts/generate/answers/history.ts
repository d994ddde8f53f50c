import * as z from "zod";
import {
  type Answer,
  about,
  commit,
  count,
  hashed,
  ingredient,
  md5,
  metrics,
  pair,
  path,
  sha256,
  tableDiff,
  time,
  version,
} from "./shapes.ts";

/** What commands about what changed, and why print. */
export const HISTORY: readonly Answer[] = [
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
