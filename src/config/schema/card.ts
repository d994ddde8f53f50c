import * as z from "zod";

const words = z
  .union([z.string().max(5000), z.array(z.string().max(5000)).max(50)])
  .transform((value) => (typeof value === "string" ? [value] : value));

export const card = z
  .strictObject({
    intended_use: words.optional().meta({
      description: "What it is made for, and for whom: a text, or a list of them",
      examples: ["To choose whose declared wage is reviewed by hand"],
    }),
    out_of_scope: words.optional().meta({
      description: "What it must not be used for",
      examples: [["To set wages", "Other countries than the United States"]],
    }),
    limitations: words.optional().meta({
      description: "What it is known not to be able to do",
      examples: ["The rows are of 1985"],
    }),
    ethical_considerations: words.optional().meta({
      description: "Whom it may harm, and what was done against it",
      examples: ["Who is reviewed is told so"],
    }),
    license: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9.+-]{0,99}$/, "is no license's identifier, such as apache-2.0")
      .optional()
      .meta({
        description: "The license's identifier, as Hugging Face and SPDX have it",
        examples: ["apache-2.0"],
      }),
    language: z
      .array(z.string().regex(/^[a-z]{2,3}$/, "is no language's code, such as en"))
      .max(50)
      .optional()
      .meta({ description: "Languages of the texts that it reads, by ISO 639", examples: [["en"]] }),
    tags: z
      .array(z.string().regex(/^[\w.:+ -]{1,100}$/, "a tag is letters, digits, spaces and . : + - _"))
      .max(50)
      .optional()
      .meta({ description: "Words under which it is found", examples: [["wages", "fairness"]] }),
    datasets: z
      .array(z.string().regex(/^[\w.-]{1,96}(\/[\w.-]{1,96})?$/, "a data set is NAME or OWNER/NAME"))
      .max(50)
      .optional()
      .meta({ description: "Data sets on Hugging Face that it was trained on", examples: [["acme/cps"]] }),
  })
  .meta({ description: "What the model card says beside what was measured" });
