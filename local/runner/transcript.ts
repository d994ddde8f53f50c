import type { JobResult } from "../contract.ts";
import type { Masks } from "./masks.ts";

/** A message that stands beside a line of a file, or beside the run. */
export type Annotation = JobResult["annotations"][number];

/** What a job leaves to be read, secrets hidden. */
export interface Transcript {
  line(text: string): void;
  annotate(annotation: Annotation): void;
  summarise(markdown: string): void;
  written(): Pick<JobResult, "log" | "summary" | "annotations">;
}

const LONGEST_MESSAGE = 4096; // actions/runner: ExecutionContext, longest message of an issue

/** Opens an empty one. */
export function openTranscript(masks: Masks): Transcript {
  const lines: string[] = [];
  const annotations: Annotation[] = [];
  let summary = "";
  return {
    line(text) {
      lines.push(masks.hide(text));
    },
    annotate(annotation) {
      const message = masks.hide(annotation.message).slice(0, LONGEST_MESSAGE);
      const title = annotation.title === undefined ? {} : { title: masks.hide(annotation.title) };
      annotations.push({ ...annotation, ...title, message });
    },
    summarise(markdown) {
      summary += masks.hide(markdown);
    },
    written: () => ({ log: lines.join("\n"), summary, annotations }),
  };
}
