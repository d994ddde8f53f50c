/**
 * What it means that Git said no to a server's answer, or the server to Git:
 *
 * - `raced`: somebody else was faster; look again and try again
 * - `unavailable`: the server, the network or the time ran out; try again
 * - `refused`: the token may not do this · `unknown`: the repository is not there, or is hidden
 * - `unauthorized`: the token is not known · `protected`: a rule of the repository stands against it
 * - `no-ref`, `no-commit`: the branch or the commit is not there · `other`: anything else
 */
export type GitFailureKind =
  | "raced"
  | "unavailable"
  | "refused"
  | "unknown"
  | "unauthorized"
  | "protected"
  | "no-ref"
  | "no-commit"
  | "other";

/** Git ended with an error; what it said never holds a token. */
export class GitFailure extends Error {
  override readonly name: string = "GitFailure";
  readonly kind: GitFailureKind;
  /** The line that says it best, for a message. */
  readonly said: string;

  constructor(command: string, output: string) {
    const said = telling(output);
    super(`git ${command} failed: ${said}`);
    this.kind = kindOf(output);
    this.said = said;
  }
}

/** The words of Git 2.31 and later and of GitHub's servers, the more telling first. */
const WORDS: readonly (readonly [GitFailureKind, RegExp])[] = [
  ["protected", /GH006|GH013|protected branch|rule violations|hook declined|push declined/i],
  [
    "raced",
    /stale info|fetch first|non-fast-forward|cannot lock ref|failed to update ref|incorrect old value|reference already exists|shallow file has changed/i,
  ],
  ["unauthorized", /returned error: 401|Authentication failed|could not read (Username|Password)/i],
  ["unavailable", /returned error: (5\d\d|408|429)|HTTP (5\d\d|408|429)|rate limit/i],
  ["refused", /returned error: 403|HTTP 403|Permission to .* denied|Write access .* not granted/i],
  ["unknown", /returned error: 404|Repository not found|repository '.*' not found/i],
  ["no-commit", /not our ref|upload-pack: .*not found|Server does not allow request for unadvertised/i],
  ["no-ref", /couldn't find remote ref/i],
  [
    "unavailable",
    /could not resolve|unable to access|connection|timed out|too slow|hung up|unexpected disconnect|early EOF|RPC failed|empty reply|invalid index-pack|bad pack header|Internal Server Error|fatal error in commit_refs|remote unpack failed|the remote end|expected flush|protocol error|bad line length|no response|took too long/i,
  ],
];

/**
 * @example kindOf("fatal: couldn't find remote ref refs/heads/trainyard") // => "no-ref"
 */
export function kindOf(output: string): GitFailureKind {
  return WORDS.find(([, words]) => words.test(output))?.[0] ?? "other";
}

/** The first line that Git or the server marked as the error, else the last that says anything. */
function telling(output: string): string {
  const lines = output
    .split(/\r|\n/)
    .map((line) => line.replace(/\p{Cc}/gu, " ").trim())
    .filter((line) => line !== "");
  const line =
    lines.find((text) => /^remote: .*(error|GH0|denied|not granted|not found)/i.test(text)) ??
    lines.find((text) => /^ ?! |^(fatal|error):/.test(text)) ??
    lines.at(-1) ??
    "it said nothing";
  return line.slice(0, 300);
}
