import { htmlText, plain } from "../escape.ts";
import { formatCount, formatShare } from "../numbers.ts";
import type { Report } from "../report.ts";
import { picture, px } from "./frame.ts";

/** More classes than this cannot be read in a page's width. */
const CLASSES = 12;

/** What was predicted for what it was, as counts and shares of each true class. Null without classes. */
export function confusionPlot({ confusion }: Pick<Report, "confusion">): string | null {
  if (confusion === null || confusion.labels.length === 0) return null;
  const { labels, counts } = confusion;
  const shown = labels.slice(0, CLASSES);
  const [left, top] = [96, 58];
  const side = Math.min(108, 372 / shown.length);
  const size = {
    id: "confusion",
    title: "Confusion matrix",
    description: describe(shown, counts),
    width: left + side * shown.length + 16,
    height: top + side * shown.length + 16,
  };
  const room = Math.max(4, Math.floor(side / 7));
  const heads = shown.map((label, index) => {
    const middle = (index + 0.5) * side;
    return (
      `<text class="label" x="${px(left + middle)}" y="${top - 9}" text-anchor="middle">${htmlText(label, room)}</text>` +
      `<text class="label" x="${left - 9}" y="${px(top + middle + 4)}" text-anchor="end">${htmlText(label, 11)}</text>`
    );
  });
  const titles =
    `<text class="axis" x="${px(left + (side * shown.length) / 2)}" y="18" text-anchor="middle">Predicted</text>` +
    `<text class="axis" transform="translate(14 ${px(top + (side * shown.length) / 2)}) rotate(-90)" text-anchor="middle">Truth</text>`;
  const cells = shown.flatMap((_, row) => {
    const total = (counts[row] ?? []).reduce((sum, count) => sum + count, 0);
    return shown.map((__, column) => {
      const count = counts[row]?.[column] ?? 0;
      return cell(
        left + column * side,
        top + row * side,
        side,
        count,
        total === 0 ? null : count / total,
        row === column,
      );
    });
  });
  return picture(size, titles + heads.join("") + cells.join(""));
}

function cell(
  x: number,
  y: number,
  side: number,
  count: number,
  share: number | null,
  right: boolean,
): string {
  const strength = Math.min(1, Math.max(0, share ?? 0));
  const ink = strength > 0.55 ? "on" : "off";
  const middle = px(x + side / 2);
  const large = side >= 54;
  return (
    `<rect class="cell${right ? " right" : ""}" x="${px(x + 1.5)}" y="${px(y + 1.5)}" width="${px(side - 3)}" height="${px(side - 3)}" rx="4" fill-opacity="${(0.06 + 0.94 * strength).toFixed(2)}"/>` +
    `<text class="${large ? "big" : "small"} ${ink}" x="${middle}" y="${px(y + side / 2 + (large ? 0 : 4))}" text-anchor="middle">${formatCount(count)}</text>` +
    (large
      ? `<text class="small ${ink}" x="${middle}" y="${px(y + side / 2 + 18)}" text-anchor="middle">${formatShare(share)}</text>`
      : "")
  );
}

function describe(labels: readonly string[], counts: readonly (readonly number[])[]): string {
  const rows = labels.map((label, row) => {
    const cells = labels.map(
      (other, column) => `${formatCount(counts[row]?.[column] ?? 0)} as ${plain(other, 24)}`,
    );
    return `true ${plain(label, 24)}: ${cells.join(", ")}`;
  });
  return `${rows.join("; ")}.`;
}
