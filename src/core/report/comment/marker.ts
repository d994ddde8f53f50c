/*
 * The two lines that the comment begins with, which no reader sees. They are believed only in a comment
 * whose author is ourselves: anybody can write them, and the forge asks for both.
 */

/** What the comment is found by. */
export const VERDICT_MARKER = "<!-- trainyard:verdict -->";

/** How far the comment's commit has come. */
export const STATES = ["judged", "pending", "stopped", "nothing"] as const;

/** Which commit a comment speaks of. */
export interface About {
  /** The commit that was judged, or is going to be. */
  readonly commit: string;
  readonly state: (typeof STATES)[number];
  /** The commit with pointer and lock that was made upon it. */
  readonly committed?: string | undefined;
}

const SHA = "[0-9a-f]{40}";
const LINES = new RegExp(
  `^${VERDICT_MARKER}\\r?\\n<!-- trainyard:about (${SHA}) (${STATES.join("|")})(?: (${SHA}))? -->(?:\\r?\\n|$)`,
);

/**
 * The lines themselves.
 *
 * @example markerLines({ commit: "0123456789abcdef0123456789abcdef01234567", state: "pending" }) // => "<!-- trainyard:verdict -->\n<!-- trainyard:about 0123456789abcdef0123456789abcdef01234567 pending -->"
 */
export function markerLines({ commit, state, committed }: About): string {
  const end = committed === undefined ? "" : ` ${committed}`;
  return `${VERDICT_MARKER}\n<!-- trainyard:about ${commit} ${state}${end} -->`;
}

/**
 * What a comment of ours speaks of; undefined where it does not begin with the lines.
 *
 * @example aboutOf("<!-- trainyard:verdict -->\n<!-- trainyard:about 0123456789abcdef0123456789abcdef01234567 judged -->\n\ntext").state // => "judged"
 * @example aboutOf("text <!-- trainyard:verdict -->") // => undefined
 */
export function aboutOf(body: string): About | undefined {
  const [, commit, state, committed] = LINES.exec(body) ?? [];
  const known = STATES.find((one) => one === state);
  if (commit === undefined || known === undefined) return undefined;
  return { commit, state: known, ...(committed === undefined ? {} : { committed }) };
}
