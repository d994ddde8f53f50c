import { type LabelThreshold, saidThresholds } from "../core/models/label-thresholds.ts";
import { nearest } from "../core/text/nearest.ts";
import { EXIT, UserError } from "../errors.ts";

/** What `--threshold` says: one number, or one for each of several labels, in their order. */
export interface SaidThreshold {
  readonly threshold: number | undefined;
  readonly thresholds?: readonly LabelThreshold[];
}

/**
 * What decides, as somebody wrote it: `0.4`, or of several labels `rain=0.3,snow=0.6`; one that is not named has 0.5.
 *
 * @param labels of several labels their columns; absent where there is one
 * @throws {UserError} exit 2, where a number is none, or a name no label or there twice
 * @example saidThreshold("0.4", undefined) // => { threshold: 0.4 }
 * @example saidThreshold("b=0.3", ["a", "b"]).thresholds // => [{ label: "a", threshold: 0.5, by: "default" }, { label: "b", threshold: 0.3, by: "said" }]
 * @example saidThreshold("c=0.3", ["a", "b"]) // throws "--threshold names \"c\", which is no label; the labels: a, b"
 */
export function saidThreshold(
  text: string | undefined,
  labels: readonly string[] | undefined,
): SaidThreshold {
  if (text === undefined) return { threshold: undefined };
  if (!text.includes("=")) return { threshold: finite(text, `--threshold is "${text}"`) };
  if (labels === undefined) {
    throw usage(`--threshold is "${text}"; one by label is for several labels, and --label names one column`);
  }
  const said = new Map<string, number>();
  for (const part of text.split(",")) {
    const cut = part.lastIndexOf("="); // a column's name may hold one
    const name = part.slice(0, Math.max(cut, 0)).trim();
    if (cut < 0 || name === "") {
      throw usage(`--threshold holds "${part.trim()}"; right is LABEL=NUMBER for each, such as a=0.3,b=0.6`);
    }
    if (!labels.includes(name)) {
      const near = nearest(name, labels);
      const guess = near === undefined ? "" : `did you mean "${near}"? `;
      throw usage(`--threshold names "${name}", which is no label; ${guess}the labels: ${labels.join(", ")}`);
    }
    if (said.has(name)) throw usage(`--threshold names "${name}" twice`);
    said.set(
      name,
      finite(part.slice(cut + 1), `--threshold of "${name}" is "${part.slice(cut + 1).trim()}"`),
    );
  }
  return { threshold: undefined, thresholds: saidThresholds(Object.fromEntries(said), labels) };
}

function finite(text: string, said: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw usage(`${said}; it takes a number, or of several labels one for each: a=0.3,b=0.6`);
}

const usage = (message: string): UserError => new UserError(message, { exit: EXIT.usage });
