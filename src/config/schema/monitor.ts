import * as z from "zod";

const HOURS = ["hourly", "daily", "weekly"] as const;

export const monitor = z
  .strictObject({
    predictions: z
      .string()
      .min(1)
      .meta({
        description: "The folder that `trainyard serve --log` writes, as the one who monitors sees it",
        examples: ["predictions/wages"],
      }),
    environment: z
      .string()
      .optional()
      .meta({
        description: "Whose predictions; the last environment where absent",
        examples: ["production"],
      }),
    every: z
      .enum(HOURS)
      .default("daily")
      .meta({
        description: "How often it is looked at; `init` writes the schedule from it",
        examples: ["daily"],
      }),
    window: z
      .string()
      .regex(/^[1-9]\d{0,3}[hd]$/, "a window is a number of hours or days: 24h, 7d")
      .default("7d")
      .meta({ description: "How far back predictions are looked at", examples: ["7d"] }),
    min_rows: z
      .number()
      .int()
      .min(30)
      .default(200)
      .meta({ description: "With fewer predictions there is no answer", examples: [200] }),
    psi: z
      .number()
      .positive()
      .max(10)
      .default(0.2)
      .meta({
        description: "A column has moved when its PSI is beyond this and beyond chance",
        examples: [0.2],
      }),
    false_issues: z
      .string()
      .regex(/^1 in [1-9]\d{0,5} runs$/, "how rare a false issue is: 1 in 100 runs")
      .default("1 in 100 runs")
      .meta({ description: "How often chance alone may open an issue", examples: ["1 in 100 runs"] }),
    // biome-ignore lint/suspicious/noThenProperty: a map, never called, so nothing takes it for a promise
    then: z
      .strictObject({
        issue: z
          .strictObject({
            labels: z
              .array(z.string().min(1).max(50))
              .max(20)
              .default(["drift"])
              .meta({ description: "Labels of the issue", examples: [["drift"]] }),
          })
          .prefault({})
          .meta({ description: "The one issue that says what moved" }),
        retrain: z
          .enum(["pull-request", "no"])
          .default("no")
          .meta({ description: "Whether a retrained model is proposed, too", examples: ["pull-request"] }),
      })
      .prefault({})
      .meta({ description: "What happens when something moved" }),
  })
  .meta({ description: "How production is looked at" });

export const retrain = z
  .strictObject({
    refresh: z
      .string()
      .min(1)
      .optional()
      .meta({
        description: "A command that brings the newest rows into the files of `data.sources`",
        examples: ["node refresh.mjs"],
      }),
    every: z
      .enum(["weekly", "monthly", "never"])
      .default("never")
      .meta({ description: "On which schedule a retrained model is proposed", examples: ["monthly"] }),
  })
  .meta({ description: "How a retrained model comes about" });
