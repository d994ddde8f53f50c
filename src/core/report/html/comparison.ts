import { htmlText } from "../escape.ts";
import { formatCount, formatDifference, formatInterval, formatNumber, formatShare } from "../numbers.ts";
import type { Fairness } from "../report.ts";
import type { ComparedGroup, ComparedRate, Comparison } from "../sections/comparison.ts";
import { codeHtml, sub, tableHtml } from "./markup.ts";

/** So many groups of a column stand against the reference, the largest: a page of thousands is too large to open. */
const GROUPS = 30;
/** So many groups are named where they have too few rows for a rate. */
const NAMED = 3;

/** Every rate with its lowest and highest group; then each group against the reference. Empty where nothing was compared. */
export function comparisonHtml({ column, compared }: Fairness, rows: number): string {
  if (compared === undefined) return "";
  const where = compared.reference.group;
  const against = where === null ? "the best group of each rate" : codeHtml(where, 40);
  const note =
    compared.reference.chosen === "best"
      ? "The best group was found in these very rows, so distances to it have no interval."
      : compared.reference.chosen === "majority"
        ? "The largest group is the reference."
        : where === null
          ? "The group that was to be the reference has too few rows here."
          : "";
  return (
    `<details><summary>All rates of <code>${htmlText(column, 60)}</code>, and each group against ${against}</summary>` +
    rateTable(column, compared) +
    againstTable(column, compared, Math.min(GROUPS, rows)) +
    `<p class="note">${note} Too few: fewer than ${formatCount(compared.least)} rows to count on; such a rate takes no part.</p></details>`
  );
}

function rateTable(column: string, { rates }: Comparison): string {
  const headings = [
    { title: "Rate", kind: "text" },
    { title: "Lowest", kind: "text" },
    { title: "Highest", kind: "text" },
    { title: "Difference", number: true },
    { title: "Ratio", number: true },
    { title: "Too few or no data", kind: "text" },
  ] as const;
  return tableHtml(`All rates by ${column}`, headings, rates, (rate) => {
    const known = rate.groups.filter(({ value }) => value !== null);
    const sorted = [...known].sort((a, b) => (a.value ?? 0) - (b.value ?? 0));
    return [
      htmlText(rate.title),
      groupHtml(sorted[0], rate),
      groupHtml(sorted.at(-1), rate),
      rate.difference === null ? "–" : formatNumber(rate.difference),
      rate.ratio === null ? "–" : formatNumber(rate.ratio),
      lacking(rate),
    ];
  });
}

function groupHtml(group: ComparedGroup | undefined, { worst }: ComparedRate): string {
  if (group === undefined) return "–";
  const mark = group.group === worst ? " (worst)" : "";
  return `${codeHtml(group.group, 40)} ${formatShare(group.value)}${sub(`of ${formatCount(group.of)}${mark}`)}`;
}

function lacking({ groups, noun }: ComparedRate): string {
  const few = groups.filter(({ value }) => value === null);
  if (few.length === 0) return "–";
  const told = few.slice(0, NAMED).map(({ group, count, of, state }) => {
    const how = state === "no data" ? `no ${noun}` : `${formatCount(count)} of ${formatCount(of)}`;
    return `${codeHtml(group, 30)} ${htmlText(how)}`;
  });
  return [...told, ...(few.length > NAMED ? [`${formatCount(few.length - NAMED)} more`] : [])].join(", ");
}

const SHOWN = ["selection_rate", "true_positive_rate", "false_positive_rate", "accuracy"];

function againstTable(column: string, { rates, average_odds, reference }: Comparison, most: number): string {
  const shown = rates.filter(({ name }) => SHOWN.includes(name));
  const [selected] = rates;
  const rowsOf = (place: number): number => shown[0]?.groups[place]?.of ?? 0;
  const names = (shown[0]?.groups ?? []).map(({ group }, place) => ({ group, place }));
  const headings = [
    { title: "Group", kind: "text" } as const,
    ...(selected?.name === "selection_rate" ? [{ title: "Selected, ratio", number: true } as const] : []),
    ...shown.map(({ title }) => ({ title: `${title}, difference`, number: true }) as const),
    ...(average_odds.length === 0 ? [] : [{ title: "Average odds", number: true } as const]),
  ];
  const others = names
    .filter(({ group }) => group !== reference.group)
    .sort((a, b) => rowsOf(b.place) - rowsOf(a.place));
  const left = others.length - most;
  const more = left > 0 ? `<p class="note">${formatCount(left)} smaller groups more in report.json.</p>` : "";
  const shownGroups = others.slice(0, most);
  const table = tableHtml(
    `Groups by ${column} against the reference`,
    headings,
    shownGroups,
    ({ group, place }) => {
      const odds = average_odds.find((one) => one.group === group);
      const ratio = selected?.groups[place]?.ratio;
      return [
        codeHtml(group, 60),
        ...(selected?.name === "selection_rate" ? [ratioHtml(ratio)] : []),
        ...shown.map((rate) => differenceHtml(rate.groups[place]?.difference)),
        ...(average_odds.length === 0 ? [] : [differenceHtml(odds)]),
      ];
    },
  );
  return table + more;
}

type Estimate = { readonly value: number | null; readonly interval: Range | null };
type Range = NonNullable<NonNullable<ComparedGroup["ratio"]>["interval"]>;

function differenceHtml(estimate: Estimate | null | undefined): string {
  if (estimate == null || estimate.value === null) return "–";
  const { value, interval } = estimate;
  const range =
    interval === null || interval.high === null
      ? ""
      : sub(formatInterval({ low: interval.low, high: interval.high }, formatDifference));
  return `${formatDifference(value)}${range}`;
}

function ratioHtml(estimate: Estimate | null | undefined): string {
  if (estimate == null || estimate.value === null) return "–";
  const { value, interval } = estimate;
  if (interval === null) return formatNumber(value);
  const high = interval.high === null ? "no end" : formatNumber(interval.high);
  return `${formatNumber(value)}${sub(`${formatNumber(interval.low)} to ${high}`)}`;
}
