import * as z from "zod";
import { registryAddress } from "../../core/artifacts/registry-address.ts";
import { UserError } from "../../errors.ts";

const remote = z.string().superRefine((text, context) => {
  try {
    registryAddress(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
  }
});

export const artifacts = z
  .strictObject({
    remote: remote.meta({
      description:
        "A repository of a container registry, where .dvc/config names no remote; the same in every contract of a repository",
      examples: ["oci://ghcr.io/acme/wages"],
    }),
  })
  .meta({ description: "Where the bytes of data and models are kept when there is no cloud" });
