import { markdownTable } from "markdown-table";
import type { Coverage } from "../coverage.ts";
import { GAPS, type Tally } from "./cells.ts";

/** Where an interval is called reliable. */
const [LEAST, MOST] = [0.93, 0.97];
/** Where fewer draws than this gave an interval, what is left is a selection. */
const ENOUGH = 0.9;

/** A share in percent: bold where it is too low, with a plus where it is more than promised. */
function share({ given, held }: Tally | undefined = { given: 0, held: 0 }, draws: number): string {
  if (given === 0) return "–";
  const own = held / given;
  const text = (100 * own).toFixed(1);
  const marked = own < LEAST ? `**${text}**` : own > MOST ? `${text}+` : text;
  return given < ENOUGH * draws ? `${marked} (of ${Math.round((100 * given) / draws)} %)` : marked;
}

const SIZES = [30, 100, 300, 1000, 5000];
const RATES = [0.01, 0.1, 0.5];

function table(
  data: Coverage,
  names: readonly (readonly [
    title: string,
    key: (rows: number, column: string) => readonly [cell: string, of: string],
  ])[],
  columns: readonly (readonly [title: string, column: string])[],
  sizes: readonly number[] = SIZES,
): string {
  const head = [
    "interval",
    ...columns.flatMap(([title]) => sizes.map((rows) => `${title}, ${rows.toLocaleString("en-US")} rows`)),
  ];
  const body = names.map(([title, key]) => [
    title,
    ...columns.flatMap(([, column]) =>
      sizes.map((rows) => {
        const [cell, of] = key(rows, column);
        return share(data.cells[cell]?.[of], data.draws);
      }),
    ),
  ]);
  return markdownTable([head, ...body]);
}

const of = (world: string, method: string, name: string) => (rows: number, column: string) =>
  [`${world} ${rows} ${column} ${method}`, name] as const;
const group = (ratio: string, name: string) => (rows: number, column: string) =>
  [`groups ${rows} ${column} ${ratio}`, name] as const;

const SCORES = [
  ["`roc_auc`", "roc_auc"],
  ["`average_precision`", "average_precision"],
  ["`log_loss`", "log_loss"],
  ["`ece`", "ece"],
] as const;
const DECISIONS = [
  ["`accuracy`", "accuracy"],
  ["`precision`", "precision"],
  ["`recall`", "recall"],
  ["`f1`", "f1"],
] as const;

/** How often tests and paired intervals find a difference between equally good models: the most over the cells. */
function claims(data: Coverage): string {
  const found = Object.entries(data.cells).flatMap(([cell, tallies]) => {
    if (!/^(classes|numbers|alike) /.test(cell) || cell.endsWith(" bca")) return [];
    return Object.entries(tallies).flatMap(([name, { given, held }]) =>
      /difference|test/.test(name) ? [{ cell, name, claimed: (given - held) / data.draws }] : [],
    );
  });
  const over = found.filter(({ claimed }) => claimed > 0.05);
  const mean = found.reduce((sum, { claimed }) => sum + claimed, 0) / Math.max(1, found.length);
  const far = found.filter(({ claimed }) => claimed > 0.07).sort((a, b) => b.claimed - a.claimed);
  const told = far.map(({ cell, name, claimed }) => {
    const [world, rows, rate] = cell.split(" ");
    const very = world === "alike" ? ", very alike" : "";
    return `\`${name.replace(" difference", "")}\` ${(100 * claimed).toFixed(1)} % (${rows} rows, ${rate}${very})`;
  });
  return `Two models of the same worth were held against each other ${found.length} times 2,000 draws, over the sizes, rates and metrics above and by \`brier\`, \`mcc\`, \`balanced_accuracy\`, \`mae\` and \`r2\`, also where the two score nearly the same (correlated by 0.99): a difference was found in ${(100 * mean).toFixed(1)} % of draws. In ${over.length} of the ${found.length} it was found in more than 5 %${far.length === 0 ? ", and nowhere in more than 7 %" : `, in ${far.length} in more than 7 %: ${told.join(", ")}`}. 2,000 draws know such a share to ± 1 %. A model against itself differs in no row, and so in no draw. Where there is no interval nothing is claimed.`;
}

/** `docs/evaluation/coverage.md`. */
export function coveragePage(data: Coverage): string {
  const rates = RATES.map((rate) => [`${rate * 100} %`, String(rate)] as const);
  const shapes = [
    ["normal errors", "normal"],
    ["heavy tails", "heavy"],
  ] as const;
  const small = SIZES.filter((rows) => rows <= 1000);
  const classes = (method: string, sizes = SIZES) =>
    rates
      .map(([title, column]) =>
        [
          `**${title} of the rows positive**`,
          table(
            data,
            [...SCORES, ...DECISIONS].map(([name, key]) => [name, of("classes", method, key)] as const),
            [["", column]],
            sizes,
          ).replaceAll(", ", " "),
        ].join("\n\n"),
      )
      .join("\n\n");
  const differences = rates
    .map(([title, column]) =>
      [
        `**${title} of the rows positive**`,
        table(
          data,
          [
            ...[...SCORES, ...DECISIONS].map(
              ([name, key]) => [name, of("classes", "percentile", `${key} difference`)] as const,
            ),
            ["DeLong's test", of("classes", "percentile", "roc_auc test")] as const,
            ["McNemar's test", of("classes", "percentile", "accuracy test")] as const,
          ],
          [["", column]],
        ).replaceAll(", ", " "),
      ].join("\n\n"),
    )
    .join("\n\n");
  const blocks = Object.entries(data.cells).filter(([cell]) => cell.startsWith("blocks"));
  return `<!-- made by scripts/coverage.ts; change that, not this -->

# How often intervals keep their promise

An interval of 95 % is to hold the true value in 95 of 100 samples. Here samples are drawn from worlds whose truth is known,
${data.draws.toLocaleString("en-US")} for each number below, seeded; each interval is made as a report makes it, of ${data.resamples} resamples at the confidence at which
they hold what 1,000 hold. **Bold**: the truth was held in fewer than 93 %, so the promise is not kept. A plus: in more than 97 %,
so the interval is wider than it must be. "(of 60 %)": only so many samples gave an interval at all, the others said why not.

\`\`\`text
nice -n 10 node --import tsx scripts/coverage.ts
\`\`\`

## What this means

- **Reliable**: ROC AUC and log loss from 50 rows of the smaller class on, average precision from 100; shares of decisions
  from 100 rows and 30 positive ones on; \`rmse\` from 100 rows on where errors are near normal, from 1,000 where their tails are heavy.
- **Rough**: below that. The report says "roughly" and why: ROC AUC with fewer than 50 rows of the smaller class,
  average precision with fewer than 100 positive ones, log loss with fewer than 30 rows of a class, \`rmse\` of fewer than 100
  rows, or with a tail of errors so long that a few of them make most of it. F1 of a handful of positive rows has an interval that is too wide, or none.
- **Never**: \`ece\` and its kin. Few rows make a gap even where there is none, so the interval lies above the true error, and
  the report says that. Differences of \`ece\` between two models on the same rows are bounded too widely, not too closely.
- **Shares** (accuracy, recall, precision, coverage, rates of groups) carry Wilson's interval, which keeps its promise from thirty
  rows on, whichever method is asked for; their differences Bonett and Price's, or Newcombe's between groups.
- **Differences** of means (losses and errors) are taken on random halves of the rows, of other decisions with two rows of doubt in
  each class, of ranks as percentiles of paired resamples, widened for few rows. BCa would find a difference where there is none.

## Two classes, percentiles

Scores of the two classes are normal, 1.2 standard deviations apart (a ROC AUC of 0.80), and a model that is too sure of
itself by 1.4 makes probabilities of them.

${classes("percentile")}

## The same with \`method: bca\`

${classes("bca", small)}

## By formula

${rates
  .map(([title, column]) =>
    [
      `**${title} of the rows positive**`,
      table(
        data,
        [
          ["Wilson, of accuracy", of("classes", "percentile", "accuracy Wilson")],
          ["DeLong, on log odds", of("classes", "percentile", "roc_auc DeLong")],
        ],
        [["", column]],
      ).replaceAll(", ", " "),
    ].join("\n\n"),
  )
  .join("\n\n")}

## Numbers

Errors are normal, or Laplace's, of which every twentieth lies beyond 2.1 standard deviations.

${table(
  data,
  [
    ["`rmse`, percentiles", of("numbers", "percentile", "rmse")],
    ["`rmse`, difference", of("numbers", "percentile", "rmse difference")],
  ],
  shapes,
)}

## Differences between two models of the same worth

Both score the same rows, their scores of one row correlated by 0.8; the true difference is 0. The lines of the tests say in how many draws p
was above 0.05. (5,000 rows: decisions and tests alone, for time.)

${differences}

${claims(data)}

## Groups

Seven rows of ten are in the first group, and so many of it are selected; of the second as many, or six tenths of that.

${[
  ["1", "as many are selected"],
  ["0.6", "six tenths as many are selected"],
]
  .map(([ratio = "", title]) =>
    [
      `**Of the second group ${title}**`,
      table(
        data,
        [
          ["the group's share (Wilson)", group(ratio, "rate")],
          ["difference to the other (Newcombe)", group(ratio, "difference")],
          ["ratio to the other (MOVER-R)", group(ratio, "ratio")],
          ["largest difference (simultaneous)", group(ratio, "largest difference")],
        ],
        rates,
      ),
    ].join("\n\n"),
  )
  .join("\n\n")}

## Changes of a gap between groups

Five groups of equal size, of which the model in production selects four rows of ten each; the candidate does too, but for the
last group, of which it selects so much less. "Apart": two groups, of which it selects five and three and a half of ten, and the
candidate only three of the second. The interval is that of the change of the gap, on the same rows. The more groups
are on a par, the wider it is: an interval that holds however nearly they are cannot be narrow where it is open which are the
farthest apart.

${table(
  data,
  [
    ["largest − smallest rate", (rows, gap) => [`changes ${rows} ${gap}`, "difference"]],
    ["smallest ÷ largest rate", (rows, gap) => [`changes ${rows} ${gap}`, "ratio"]],
  ],
  [
    ...GAPS.map((gap) => [gap === 0 ? "as much" : `${gap} less`, String(gap)] as const),
    ["apart", "apart"] as const,
  ],
)}

## More than 20,000 rows

Blocks of rows are drawn, and ranks answer by their influences (decision 2). 20,500 rows:

${markdownTable([
  ["positive rows", "`roc_auc`", "`average_precision`"],
  ...blocks.map(([cell, tallies]) => [
    String(Math.round(20_500 * Number(cell.split(" ")[2]))),
    share(tallies.roc_auc, data.draws),
    share(tallies.average_precision, data.draws),
  ]),
])}
`;
}
