import { quoteName } from "../core/tables/sql/quote.ts";
import { nearest } from "../core/text/nearest.ts";
import type { ColumnInfo, Row } from "../ports/engine.ts";
import type { Finding } from "./warnings.ts";

const NAMED = 8;

/**
 * What is wrong with the columns of several labels: one that is not there, or has no value in some rows (fatal), and
 * labels that all rows carry, or none: nothing can be learnt of them.
 *
 * @param counts by column index: how many values it has (`present`), how many are NaN, whether it is constant
 */
export function severalFindings(
  labels: readonly string[],
  columns: readonly ColumnInfo[],
  counts: Row,
): Finding[] {
  const rows = Number(counts.rows ?? 0);
  const names = columns.map(({ name }) => name);
  const found: Finding[] = [];
  const constant: string[] = [];
  for (const label of labels) {
    const index = names.indexOf(label);
    if (index < 0) {
      const meant = nearest(label, names);
      const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
      found.push({ title: "No label", text: `there is no column "${label}"${hint}`, fatal: true });
      continue;
    }
    const lacking = rows - Number(counts[`present ${index}`] ?? 0) + Number(counts[`nan ${index}`] ?? 0);
    if (lacking > 0) {
      const count = `${lacking.toLocaleString("en-US")} of ${rows.toLocaleString("en-US")} rows`;
      const text = `the label "${label}" is missing in ${count}; leave them out with prepare.rows, where: '${quoteName(label)} is not null'`;
      found.push({ title: "Rows without a label", text, fatal: true });
    } else if (rows > 1 && counts[`constant ${index}`] === true) constant.push(label);
  }
  if (constant.length === labels.length) {
    const text = "each label is in all rows what it is in the first; there is nothing to tell apart";
    found.push({ title: "Labels that never vary", text, fatal: true });
  } else if (constant.length > 0) {
    const more = constant.length > NAMED ? ` and ${constant.length - NAMED} more` : "";
    const text = `${constant.slice(0, NAMED).join(", ")}${more}: on in all rows, or in none; averages over labels rest on them, too`;
    found.push({ title: "Labels that never vary", text });
  }
  return found;
}
