import * as z from "zod";
import { packedBelow } from "../../core/artifacts/artifacts-remote.ts";
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
    remote: remote.optional().meta({
      description:
        "A repository of a container registry, where .dvc/config names no remote; the same in every contract of a repository",
      examples: ["oci://ghcr.io/acme/wages"],
    }),
    pack: z
      .union([
        z.boolean(),
        z
          .number()
          .refine((value) => packedBelow(value) !== undefined, "a whole number of bytes, at most 8388608"),
      ])
      .optional()
      .meta({
        description:
          "Whether files below 1 MiB, or below so many bytes, travel packed to a remote of .dvc/config: far fewer requests, and nothing that DVC sees",
        examples: [true, 65_536],
      }),
  })
  .refine(({ remote, pack }) => remote !== undefined || pack !== undefined, "says neither remote nor pack")
  .meta({ description: "Where the bytes of data and models are kept when there is no cloud, and how" });
