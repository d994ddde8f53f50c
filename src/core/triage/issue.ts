import { markdownCode, markdownText, plain } from "../report/escape.ts";
import { details, left, right, table } from "../report/markdown/blocks.ts";
import { counted, formatCount, formatNumber } from "../report/numbers.ts";
import { histogram } from "./histogram.ts";
import type { MeasuredColumn, Measurement } from "./measurement.ts";

/** What the issue says beside the measurement. */
export interface IssueFacts {
  /** Since when something has moved, ISO 8601. */
  readonly since: string;
  /** `1 in 100 runs`, as the contract says. */
  readonly falseIssues: string;
  /** As the contract or CODEOWNERS names them. */
  readonly owners: readonly string[];
  /** Whether values of the data may be shown. */
  readonly showValues: boolean;
  /** Whether there is a command that brings the newest rows. */
  readonly refresh: boolean;
  /** The run that looked; undefined outside of a workflow. */
  readonly run: string | undefined;
  /** Runs that were left out or delayed, in a sentence. */
  readonly overdue: string | undefined;
  /** The number of an earlier issue of the same, which a person closed. */
  readonly after: number | undefined;
}

/** Columns with a line in the table, and with a picture: GitHub takes 65,536 characters. */
const ROWS = 40;
const PICTURES = 8;
/** Notes that are shown, of so many characters each. */
const NOTES = 10;

/**
 * The title. It is written when the issue is opened, and again as long as nobody has changed it.
 *
 * @example issueTitle({ model: "wages", environment: "production", columns: [{ name: "age", moved: true }, { name: "sector", moved: false }] }) // => "wages in production: age has moved away from the training data"
 */
export function issueTitle({
  model,
  environment,
  columns,
}: Pick<Measurement, "model" | "environment"> & {
  readonly columns: readonly Pick<MeasuredColumn, "name" | "moved">[];
}): string {
  const moved = columns
    .filter((column) => column.moved)
    .map(({ name }) => plain(name, 40).replace(/`/g, "'"));
  const [one = "something", two] = moved;
  const named =
    moved.length > 2
      ? `${one}, ${two} and ${moved.length - 2} more`
      : two === undefined
        ? one
        : `${one} and ${two}`;
  return `${model} in ${environment}: ${named} ${moved.length > 1 ? "have" : "has"} moved away from the training data`;
}

/** Our part of the body, of a measurement in which something has moved. */
export function issuePart(measurement: Measurement, facts: IssueFacts): string {
  const moved = measurement.columns.filter((column) => column.moved);
  return [
    ...(facts.overdue === undefined ? [] : [`> ⏰ ${capital(markdownText(facts.overdue, 400))}.`]),
    summary(measurement, moved),
    movedTable(moved),
    about(measurement, facts),
    ...notesOf(measurement),
    details("How they are distributed", pictures(moved, facts.showValues)),
    whatToDo(measurement, facts),
    end(facts),
  ].join("\n\n");
}

function summary(
  { model, environment, columns, rows, served, window }: Measurement,
  moved: readonly MeasuredColumn[],
): string {
  const version = served === null ? "" : ` of ${versionOf(served)}`;
  const share =
    moved.length === 0 ? "What" : `${formatCount(moved.length)} of ${counted(columns.length, "input")}`;
  return `**${share} of ${markdownCode(model)} in ${markdownCode(environment)} ${moved.length > 1 ? "are" : "is"} not distributed as in its training rows.** ${capital(counted(rows, "prediction"))}${version} were compared, from ${dayOf(window.from)} to ${dayOf(window.to)}.`;
}

function movedTable(moved: readonly MeasuredColumn[]): string {
  const sorted = [...moved].sort((a, b) => (b.psi ?? 0) - (a.psi ?? 0));
  const shown = table(
    [left("Input"), right("PSI"), right("Limit"), right("Jensen–Shannon"), left("What moved most")],
    sorted
      .slice(0, ROWS)
      .map(({ name, psi, threshold, js, words }) => [
        markdownCode(name, 60),
        formatNumber(psi),
        formatNumber(threshold),
        formatNumber(js),
        markdownText(words ?? "", 300),
      ]),
  );
  const more = sorted.length - ROWS;
  return more > 0 ? `${shown}\n\nAnd ${formatCount(more)} more.` : shown;
}

function about({ at }: Measurement, { since, falseIssues, owners, after }: IssueFacts): string {
  const shown = owners.map(ownerOf);
  return [
    `- **Since:** ${timeOf(since)}; last looked at ${timeOf(at)}`,
    `- **How sure:** were nothing wrong, such an issue would come up ${markdownText(falseIssues, 60)}`,
    `- **Owner:** ${shown.length === 0 ? "nobody; name one with `owner:` in the contract, or in CODEOWNERS" : shown.join(" ")}`,
    ...(after === undefined ? [] : [`- **Before:** #${after}`]),
  ].join("\n");
}

/** The contract and CODEOWNERS of the default branch are the team's own words: who owns it is to be told. */
const ownerOf = (owner: string): string =>
  /^@[A-Za-z0-9-]+(?:\/[A-Za-z0-9_.-]+)?$/.test(owner) ? owner : markdownText(owner, 100);

const notesOf = ({ notes }: Measurement): string[] =>
  notes.length === 0
    ? []
    : [
        notes
          .slice(0, NOTES)
          .map((note) => `- ${markdownText(note, 400)}`)
          .join("\n"),
      ];

function pictures(moved: readonly MeasuredColumn[], showValues: boolean): string {
  const drawn = [...moved].sort((a, b) => (b.psi ?? 0) - (a.psi ?? 0)).slice(0, PICTURES);
  const text = drawn.map((column) => histogram(column, showValues)).join("\n\n");
  const hidden = showValues
    ? ""
    : "\n\nRanges and categories are values of the data and not named here; `evaluate: { show_values: true }` in the contract names them.";
  return `\`\`\`text\n${text}\n\`\`\`${hidden}`;
}

function whatToDo({ model, environment }: Measurement, { refresh }: IssueFacts): string {
  const retrain = refresh
    ? `Add the label \`retrain\` here, or write \`/trainyard retrain\`: a pull request brings the newest rows and a model trained on them, and closes this. So does\n\n   \`\`\`sh\n   gh workflow run trainyard-retrain.yml --field model=${model}\n   \`\`\``
    : `Bring the newest rows into the data of the contract, and open a pull request; say \`Closes\` and this issue's number in it. With \`retrain: { refresh: … }\` in the contract it is done by the label \`retrain\`.`;
  return [
    "### What to do",
    [
      "1. **Look.** Is it the world, or is it the data? A column that a client stopped to send moves, too.",
      `2. **Retrain.** ${retrain}`,
      `3. **Roll back**, where a new version brought it:\n\n   \`\`\`sh\n   npx trainyard rollback ${model} --environment ${environment} --open\n   \`\`\``,
      "4. **Nothing is wrong?** Close it: it is not opened again for the same trouble. `monitor.psi` in the contract says what is too much.",
    ].join("\n"),
  ].join("\n\n");
}

function end({ run }: IssueFacts): string {
  const by = run === undefined ? "" : ` Measured by [this run](${run}).`;
  return `<sub>It closes itself when the trouble is gone.${by} This part is written anew by each run; what stands above or below it stays.</sub>`;
}

/**
 * What is said when the trouble is gone.
 *
 * @example closingWords({ at: "2026-11-21T10:00:00.000Z", rows: 900, served: null }) // => "Gone: at 2026-11-21 10:00 UTC all inputs were distributed as in the training rows again, by 900 predictions. It is opened again if it comes back."
 */
export function closingWords({ at, rows, served }: Pick<Measurement, "at" | "rows" | "served">): string {
  const of = served === null ? "" : ` of ${versionOf(served)}`;
  return `Gone: at ${timeOf(at)} all inputs were distributed as in the training rows again, by ${counted(rows, "prediction")}${of}. It is opened again if it comes back.`;
}

const versionOf = ({
  version,
  sha256,
}: {
  readonly version: string | null;
  readonly sha256: string;
}): string =>
  version === null ? `the model ${markdownCode(sha256.slice(0, 12))}` : markdownCode(version, 60);

/**
 * A time as a person reads it, to the minute.
 *
 * @example timeOf("2026-11-21T10:00:31.000Z") // => "2026-11-21 10:00 UTC"
 */
export const timeOf = (at: string): string => `${markdownText(at.slice(0, 16).replace("T", " "), 20)} UTC`;

const dayOf = (at: string): string => timeOf(at);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
