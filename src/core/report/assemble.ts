import { gravest } from "../gates/verdict.ts";
import type { Report } from "./report.ts";
import { sentence } from "./sentence.ts";

/** All of a report but what follows from the rest: its verdict and its sentence. */
export type ReportParts = Omit<Report, "schema" | "verdict" | "sentence">;

/** Makes the report: the gravest of gates and checks is the verdict, and one sentence says why. */
export function assembleReport(parts: ReportParts): Report {
  const verdict = gravest([...parts.gates, ...parts.checks].map((row) => row.verdict));
  return { schema: "trainyard/report/1", ...parts, verdict, sentence: sentence({ ...parts, verdict }) };
}
