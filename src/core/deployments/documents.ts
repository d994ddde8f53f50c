import * as z from "zod";

/*
 * What is kept of deployments: the payload of a deployment on the forge, which servers follow, and the
 * record in the ledger, which vouches that these bytes were promoted there once.
 */

const sha1 = z.string().regex(/^[0-9a-f]{40}$/, "is not a commit id");
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "is not a sha256");
const md5 = z.string().regex(/^[0-9a-f]{32}(\.dir)?$/, "is not an md5");
const name = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9_-]{0,98}[A-Za-z0-9])?$/, "is not a model's name");
const version = z.string().regex(/^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, "is not a version");
const environment = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/, "is not an environment's name");

/** `payload` of a deployment on the forge. */
export const payload = z.object({
  schema: z.literal("trainyard/deployment/1"),
  model: name,
  /** The contract's folder. */
  folder: z.string().max(500),
  environment,
  version,
  sha256,
  md5,
  /** Why it went there. */
  reason: z.enum(["merged", "promoted", "rolled back"]),
});

/** `deployments/ENVIRONMENT/MODEL/….json` in the ledger: these bytes serve there from then on. */
export const deploymentRecord = z
  .strictObject({
    schema: z.literal("trainyard/deployed/1"),
    model: name,
    folder: z.string().max(500),
    environment,
    version,
    digest: z.strictObject({ md5, sha256 }),
    /** The commit of the default branch whose desired state it was. */
    commit: sha1,
    /** The pull request whose merge brought it there, where the forge knows it. */
    pull: z.number().int().nullable(),
    reason: z.enum(["merged", "promoted", "rolled back"]),
    /** The forge's deployment. */
    deployment: z.number().int(),
    state: z.enum(["success", "failure"]),
    /** What the server said that it serves, where there is an address; null where nothing was asked. */
    served: z.string().max(500).nullable(),
    deployed_by: z.string().max(300),
    deployed_at: z.string().max(40),
    tool: z.string().max(100),
  })
  .meta({ title: "Trainyard deployment" });

export type Payload = z.output<typeof payload>;
export type DeploymentRecord = z.output<typeof deploymentRecord>;

/**
 * The forge's environments are named by environment alone: approvals are set there. One repository may
 * deploy several models into it, told apart by the payload.
 *
 * @example parsePayload({ schema: "other" }) // => undefined
 */
export function parsePayload(value: unknown): Payload | undefined {
  const parsed = payload.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
