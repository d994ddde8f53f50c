import * as z from "zod";
import { VERDICTS } from "../gates/verdict.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "is not a sha256");
const md5 = z.string().regex(/^[0-9a-f]{32}(\.dir)?$/, "is not an md5");
const version = z.string().regex(/^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, "is not a version");
const bytes = z.strictObject({ sha256, md5, version: version.nullable() });

/**
 * What a change of a desired state is:
 *
 * - `merge`: it names the model that this very change brings, in the environment that follows main
 * - `promotion`: other bytes, which were judged and have served where they had to
 * - `rollback`: bytes that served there before · `unchanged`: the same bytes, otherwise written
 * - `removal`: nothing is wanted there any more · `undecided`: it cannot be told now
 * - `refused`: these bytes must not go there, or nobody can tell which they are
 */
export const DEPLOYMENT_CHANGES = [
  "merge",
  "promotion",
  "rollback",
  "unchanged",
  "removal",
  "undecided",
  "refused",
] as const;

/** One change of a desired state, as the judge hands it on. */
export const deploymentChange = z.strictObject({
  path: z.string().max(500),
  environment: z.string().max(50),
  model: z.string().max(100),
  kind: z.enum(DEPLOYMENT_CHANGES),
  verdict: z.enum(VERDICTS),
  /** What the base has, and what the change wants; null where there is nothing, or it cannot be read. */
  from: bytes.nullable(),
  to: bytes.nullable(),
  /** One sentence that says it all, without a full stop. */
  sentence: z.string().max(2000),
  /** The line of the file that it is about. */
  line: z.number().int().nullable(),
  /** Pull requests that the sentence names. */
  pulls: z.array(z.number().int()).max(10),
});

/** A change of a desired state, judged. */
export type DeploymentChange = z.output<typeof deploymentChange>;
