import * as z from "zod";

/** An environment's name, as it stands in `deployments/NAME/`, in tags and on the forge. */
export const ENVIRONMENT = /^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/;

const environment = z
  .string()
  .regex(ENVIRONMENT, "an environment's name is lower-case letters, digits and -")
  .meta({ description: "An environment's name", examples: ["staging"] });

const target = z.strictObject({
  to: z
    .enum(["server"])
    .default("server")
    .meta({
      description: "What serves it: `trainyard serve`, which follows the deployment",
      examples: ["server"],
    }),
  url: z
    .url({ protocol: /^https?$/, error: "an address begins with http:// or https://" })
    .optional()
    .meta({
      description: "Where it answers; what is served is read back from there",
      examples: ["https://staging.example.com"],
    }),
  after: environment.optional().meta({
    description: "The environment that a version must have served in before",
    examples: ["staging"],
  }),
});

export const deploy = z.record(environment, target).meta({
  description: "Where the model is served, by environment; the one without `after` follows main",
  examples: [{ staging: { to: "server" }, production: { to: "server", after: "staging" } }],
});
