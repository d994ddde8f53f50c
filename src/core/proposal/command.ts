/** What a comment asks of us. */
export type Command =
  | { readonly verb: "train"; readonly commit: string }
  | { readonly verb: "help" }
  | { readonly verb: "unknown"; readonly problem: string };

/** How a command is written. */
export const COMMANDS = "`/trainyard train COMMIT`, with the whole commit id of the pull request's head";

/**
 * Reads the first line of a comment; undefined where it is no command.
 *
 * The whole commit id is asked for, so that what is trained is what its reader looked at.
 *
 * @example parseCommand("looks good") // => undefined
 * @example parseCommand("/trainyard train 0123456789abcdef0123456789abcdef01234567").verb // => "train"
 * @example parseCommand("/trainyard help") // => { verb: "help" }
 * @example parseCommand("/trainyard train abc1234").problem // => "train takes a whole commit id, 40 hex digits"
 */
export function parseCommand(body: string): Command | undefined {
  const [line = ""] = body.slice(0, 1000).split(/\r\n|\r|\n/, 1);
  const words = line.trim().split(/\s+/);
  if (words[0] !== "/trainyard") return undefined;
  const [, verb, commit = ""] = words;
  if (verb === "help" && words.length === 2) return { verb };
  if (verb !== "train") return { verb: "unknown", problem: "there is one command" };
  if (words.length > 3) return { verb: "unknown", problem: "train takes one commit id and nothing else" };
  if (!/^[0-9a-fA-F]{40}$/.test(commit)) {
    return { verb: "unknown", problem: "train takes a whole commit id, 40 hex digits" };
  }
  return { verb: "train", commit: commit.toLowerCase() };
}

/** Who may ask for a training. */
export const MAY_ASK: ReadonlySet<string> = new Set(["admin", "maintain", "write"]);
