import type { AnnotatedTag } from "../../core/registry/fold.ts";

const FIELDS = [
  "refname",
  "objecttype",
  "*objecttype",
  "*objectname",
  "taggername",
  "taggerdate:unix",
  "contents",
] as const;

/** The format in which `git for-each-ref` is asked for tags: fields and tags end with a zero byte. */
export const TAGS = FIELDS.map((field) => `%(${field})%00`).join("");

/** What it answers: of each tag that has an object of its own and leads to a commit. */
export function tagsIn(answer: Buffer | undefined): AnnotatedTag[] {
  const fields = (answer?.toString("utf8") ?? "").split("\0");
  const found: AnnotatedTag[] = [];
  for (let i = 0; i + FIELDS.length < fields.length; i += FIELDS.length) {
    const [ref = "", type, target, commit = "", tagger = "", seconds = "", message = ""] = fields.slice(i);
    if (type !== "tag" || target !== "commit") continue;
    found.push({
      name: ref.trimStart().replace(/^refs\/tags\//, ""),
      commit,
      message,
      tagger,
      at: timeOf(seconds),
    });
  }
  return found;
}

/** A time that no calendar of ours has is the beginning of time. */
function timeOf(seconds: string): string {
  const time = new Date(Number(seconds || 0) * 1000);
  return (Number.isNaN(time.getTime()) ? new Date(0) : time).toISOString();
}
