import { plain } from "../core/report/escape.ts";
import type { CheckRow, GateRow, Report } from "../core/report/report.ts";
import { waivedText } from "../core/report/sections/waivers.ts";
import { checkName } from "../core/report/wording.ts";
import type { Note } from "./stage.ts";

/**
 * What a report has to say beside the lines of its contract: gates that are broken or not decided, and
 * data that break an expectation. Broken gates come first.
 *
 * @param file the contract's path
 */
export function notesOf(file: string, { gates, checks }: Pick<Report, "gates" | "checks">): readonly Note[] {
  const notes = [
    ...gates.flatMap((gate) => note(file, gate, `${gate.condition}: ${gate.explanation}${waivedBy(gate)}`)),
    ...checks.flatMap((check) => note(file, check, `${checkName(check)}: ${check.explanation}`)),
  ];
  return [
    ...notes.filter(({ level }) => level === "error"),
    ...notes.filter(({ level }) => level !== "error"),
  ];
}

const waivedBy = ({ waived }: GateRow): string => (waived === undefined ? "" : `; ${waivedText(waived)}`);

function note(
  file: string,
  { verdict, line }: Pick<GateRow | CheckRow, "verdict" | "line">,
  text: string,
): Note[] {
  if (verdict !== "fail" && verdict !== "inconclusive" && verdict !== "waived") return [];
  const at = line === null ? { file } : { file, line };
  return [{ level: verdict === "fail" ? "error" : "warning", at, message: plain(text, 1000) }];
}
