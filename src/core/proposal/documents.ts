import * as z from "zod";
import { deploymentChange } from "../deployments/change.ts";
import { VERDICTS } from "../gates/verdict.ts";
import { report } from "../report/report.ts";
import { waived } from "../report/sections/waivers.ts";
import { artifactChange, tableChange } from "./artifacts.ts";

/*
 * What the jobs of a pull request hand to one another. All of it is data, and all of it but the
 * judgement may have been written by the change that is judged: strict shapes, short strings.
 */

const sha1 = z.string().regex(/^[0-9a-f]{40}$/, "is not a commit id");
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "is not a sha256");
const md5 = z.string().regex(/^[0-9a-f]{32}(\.dir)?$/, "is not an md5");
const name = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9_-]{0,98}[A-Za-z0-9])?$/, "is not a model's name");
/** A contract's folder, relative to the repository's root; `.` is the root itself. */
const folder = z.string().max(500);
const short = z.string().max(500);

/** One model of a hand-over. */
const handed = z.strictObject({
  model: name,
  folder,
  fingerprint: sha256.meta({ description: "Of the training: what goes into it" }),
  /**
   * What training must do: `train`; nothing where the fingerprint is vouched for, nothing changed, or
   * it is `held`: `why` says for what.
   */
  todo: z.enum(["train", "vouched", "unchanged", "held"]),
  why: z.array(short).max(50),
});

/** `handover.json`: what *fetch* hands to *train*, beside the code and the rows that training may see. */
export const handover = z
  .strictObject({ schema: z.literal("trainyard/handover/1"), commit: sha1, models: z.array(handed).max(200) })
  .meta({ title: "Trainyard hand-over" });

/** One model that was trained. */
const trainedModel = z.strictObject({
  model: name,
  folder,
  fingerprint: sha256,
  digest: z.strictObject({ md5, sha256 }),
});

/** One model whose training ended without one. */
const failedModel = z.strictObject({ model: name, folder, message: z.string().max(2000) });

/**
 * `trained.json`: what *train* hands to the judge, beside `models/NUMBER/` for each model in its place
 * and `training/NUMBER.json`. Nothing in it is believed.
 */
export const trained = z
  .strictObject({
    schema: z.literal("trainyard/trained/1"),
    commit: sha1,
    models: z.array(trainedModel).max(200),
    failed: z.array(failedModel).max(200).default([]),
  })
  .meta({ title: "Trainyard trained models" });

/** How a model came to be, as far as it is known. */
export const ORIGINS = ["trained here", "vouched for", "trained outside", "unchanged"] as const;

/** What a rule is of. A name says nothing of it: a change may call a data file what it likes. */
export const RULE_KINDS = ["contract", "data", "remotes", "waivers"] as const;

const rulesChange = z.strictObject({
  kind: z.enum(RULE_KINDS),
  /** `evaluate.gates.0`, `split.holdout`, `data/cps.csv` */
  name: short,
  before: z.string().max(2000).nullable(),
  after: z.string().max(2000).nullable(),
  line: z.number().int().nullable(),
});

/** What is found about one model of a pull request. */
const judgedModel = z.strictObject({
  model: name,
  folder,
  /** `judged`: there is a report · `failed`: it could not be judged, see `problem` · `unchanged`. */
  state: z.enum(["judged", "failed", "unchanged"]),
  verdict: z.enum(VERDICTS),
  origin: z.enum(ORIGINS),
  fingerprint: sha256.nullable(),
  digest: z.strictObject({ md5, sha256, size: z.number().int() }).nullable(),
  /** Why it could not be judged: one clear message, with the place where there is one. */
  problem: z
    .strictObject({
      message: z.string().max(4000),
      file: short.nullable(),
      line: z.number().int().nullable(),
    })
    .nullable(),
  /** By the base branch's rules; these decide. */
  report: report.nullable(),
  /** By the rules that the change proposes, where they are others. */
  proposed: report.nullable(),
  /** Where the change alters gates, holdout, label, split, waivers, remotes or data. */
  rules: z.array(rulesChange).max(200),
  /** The base has another lock than the one that the change began with. */
  behind: z.boolean(),
  /** Files of this model that go to the branch, by their paths from the repository's root. */
  files: z.array(z.strictObject({ path: short, text: z.string().max(2_000_000) })).max(10),
});

/** `judgement.json`: what *score* hands to *write*, beside `models/NUMBER/` for each model in its place. */
export const judgement = z
  .strictObject({
    schema: z.literal("trainyard/judgement/1"),
    /** The head that was judged. */
    commit: sha1,
    /** The base branch's commit whose rules decided. */
    base: sha1,
    verdict: z.enum(VERDICTS),
    models: z.array(judgedModel).max(200),
    /** Changes of desired states; where there is nothing else, no model is judged. */
    deployments: z.array(deploymentChange).max(200).default([]),
    /** What becomes of data and models that have versions. */
    artifacts: z.array(artifactChange).max(100).default([]),
    /** What becomes of the rows and columns that contracts read. */
    tables: z.array(tableChange).max(200).default([]),
    /** What else a reader must know, one sentence each. */
    notes: z.array(z.string().max(1000)).max(50),
  })
  .meta({ title: "Trainyard judgement" });

/** `verdicts/MODEL/….json` in the ledger: what was judged, by which rules, with what result. */
export const verdictRecord = z
  .strictObject({
    schema: z.literal("trainyard/verdict/1"),
    model: name,
    folder,
    pull: z.number().int().nullable(),
    commit: sha1,
    base: sha1,
    fingerprint: sha256,
    digest: z.strictObject({ md5, sha256, size: z.number().int() }),
    origin: z.enum(ORIGINS),
    /** The holdout that it was measured on, as looks.ts calls it. */
    holdout: z
      .string()
      .regex(/^[0-9a-f]{16}$/, "is not a holdout")
      .optional(),
    verdict: z.enum(VERDICTS),
    sentence: z.string().max(2000),
    metrics: z.record(z.string(), z.number().nullable()),
    gates: z.array(
      z.strictObject({
        condition: short,
        verdict: z.enum(VERDICTS),
        waived: z.strictObject(waived.shape).optional(),
      }),
    ),
    /** sha256 of `trainyard.lock` as it goes to the branch. */
    lock: sha256,
    /** Where the untrusted half ran, and where the judge did. */
    trained_by: z.string().max(300).nullable(),
    judged_by: z.string().max(300),
    judged_at: z.string().max(40),
    tool: z.string().max(100),
  })
  .meta({ title: "Trainyard verdict" });

export type Handover = z.output<typeof handover>;
export type Trained = z.output<typeof trained>;
export type Judgement = z.output<typeof judgement>;
export type JudgedModel = Judgement["models"][number];
export type RulesChange = JudgedModel["rules"][number];
export type VerdictRecord = z.output<typeof verdictRecord>;
