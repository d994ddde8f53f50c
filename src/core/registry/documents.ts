import * as z from "zod";
import { joinPath, unsafePath } from "../artifacts/path.ts";

/** A model that is to be registered; what a workflow says of it beside that is let pass. */
export const registerModel = z.object({
  model: z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9_-]{0,98}[A-Za-z0-9])?$/, "is not a model's name"),
  folder: z
    .string()
    .max(500)
    .refine((folder) => joinPath(folder) === "" || unsafePath(folder) === undefined, "is not a folder below")
    .transform((folder) => joinPath(folder) || "."),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "is not a sha256"),
  md5: z.string().regex(/^[0-9a-f]{32}(\.dir)?$/, "is not an md5"),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/, "is not a whole commit id")
    .optional(),
});

/** What a job that registers is told. */
export const registerModels = z.array(registerModel).max(200);

/** A model that is to be registered, as it was told. */
export type RegisterModel = z.output<typeof registerModel>;
