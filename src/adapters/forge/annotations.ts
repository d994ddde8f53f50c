import type { Annotation } from "../../ports/forge.ts";
import { cut } from "./cut.ts";
import { PAGE, type Repository } from "./repository.ts";

/** Annotations that GitHub takes in one request. */
export const PART = 50;
/** Characters of an annotation's title; of its message, far below GitHub's 64 KB. */
const TITLE = 255;
const MESSAGE = 10_000;

/** An annotation in GitHub's words. */
export function annotationOf({ path, line, level, title, message }: Annotation) {
  return {
    path,
    start_line: line,
    end_line: line,
    annotation_level: level,
    title: cut(title, TITLE),
    message: cut(message, MESSAGE),
  };
}

/** Two annotations with the same key say the same. */
export function keyOf(annotation: Annotation): string {
  const { path, start_line, annotation_level, title, message } = annotationOf(annotation);
  return JSON.stringify([path, start_line, annotation_level, title, message]);
}

/** All annotations of a check. */
export async function annotationsOf(
  { client, at }: Repository,
  check: number,
): Promise<readonly Annotation[]> {
  const all = await client.paginate("GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations", {
    ...at,
    ...PAGE,
    check_run_id: check,
  });
  return all.map(({ path, start_line, annotation_level, title, message }) => ({
    path,
    line: start_line,
    level: annotation_level as Annotation["level"],
    title: title ?? "",
    message: message ?? "",
  }));
}
