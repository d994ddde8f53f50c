import { aboutOf, markerLines } from "./marker.ts";

const NOTICE = /^> \[!CAUTION\]\n> \*\*Outdated[^\n]*\n(?:\n|$)/;

/**
 * A comment of ours with a notice on top that the head has moved on; one notice, however often.
 *
 * @param body a comment that begins with our lines; any other comes back as it is
 * @param head the pull request's head now
 */
export function markOutdated(body: string, head: string): string {
  const about = aboutOf(body);
  if (about === undefined) return body;
  const lines = markerLines(about);
  const rest = body.replaceAll("\r\n", "\n").slice(lines.length).replace(/^\n+/, "").replace(NOTICE, "");
  const [judged, now] = [about.commit.slice(0, 7), head.slice(0, 7)];
  const notice = `> [!CAUTION]\n> **Outdated:** this is for \`${judged}\`, and the head is now \`${now}\`, which is judged on its own.`;
  return `${lines}\n\n${notice}\n\n${rest.replace(/^\n+/, "")}`;
}
