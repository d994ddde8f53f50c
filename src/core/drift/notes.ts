import { formatCount } from "../report/numbers.ts";
import type { Tallied } from "./tally.ts";

/** What stood in the way of reading a log, beside its lines. */
export interface LogTrouble {
  readonly links: number;
  /** Files and folders that could not be read. */
  readonly unreadable: number;
}

/** Letters of a name from a log that are shown: anybody may have written it. */
const LONGEST_NAME = 60;

/** What else there is to say of a log, in sentences without a value of the data. */
export function logNotes(tallied: Tallied, { links, unreadable }: LogTrouble): string[] {
  const { leftOut, rows, oneIn, repeated, absent, unknown, personal } = tallied;
  return [
    ...(personal.length === 0
      ? []
      : [`the log holds ${named(personal)}, which the contract calls personal: no server may write that`]),
    ...(absent.length === 0
      ? []
      : [`${named(absent)} ${are(absent.length)} in no line of the log, and could not be compared`]),
    ...(unknown.length === 0
      ? []
      : [`the log has ${named(unknown)}, of which training counted nothing: a new column?`]),
    ...said(leftOut.broken, "line", "no whole prediction, and left out"),
    ...said(leftOut.future, "prediction", "from the future, and left out: is a server's clock wrong?"),
    ...said(leftOut.versions, "prediction", "of other versions of the model, and left out"),
    ...(rows === 0 ? said(leftOut.others, "line", "of other models or environments") : []),
    ...(rows === 0 ? said(leftOut.earlier, "prediction", "from before the window") : []),
    ...(repeated === 0
      ? []
      : [`${times(repeated)} a prediction was in the log once more, and was counted once`]),
    ...(oneIn === 1
      ? []
      : [
          `there are too many predictions to compare them all: one in ${formatCount(oneIn)} was taken, by its id`,
        ]),
    ...said(links, "link", "not followed"),
    ...said(unreadable, "file or folder", "unreadable"),
  ];
}

function said(count: number, noun: string, rest: string): string[] {
  if (count === 0) return [];
  const nouns = count === 1 ? noun : noun === "file or folder" ? "files or folders" : `${noun}s`;
  return [`${formatCount(count)} ${nouns} ${are(count)} ${rest}`];
}

const are = (count: number): string => (count === 1 ? "is" : "are");

const times = (count: number): string => (count === 1 ? "once" : `${formatCount(count)} times`);

function named(names: readonly string[]): string {
  const shown = names
    .slice(0, 5)
    .map((name) => `"${name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name}"`);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${formatCount(more)} more` : shown.join(", ");
}
