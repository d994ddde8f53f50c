import { terminalText } from "../escape.ts";
import type { Report } from "../report.ts";
import { waiverState } from "../sections/waivers.ts";
import { wrap } from "./columns.ts";
import { capped } from "./lines.ts";

/** A sentence for each waiver. */
export function waiverLines({ waivers = [] }: Pick<Report, "waivers">, width: number): string[] {
  return capped(waivers, "waivers", width, (shown) =>
    shown.flatMap((row) => {
      const said = `${row.gate}: ${waiverState(row)} (${row.by}, until ${row.until}: ${row.because})`;
      return wrap(terminalText(said, 600), width - 2).map((line) => `  ${line}`);
    }),
  );
}
