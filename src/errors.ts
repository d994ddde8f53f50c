/** Where something stands in a file that a person wrote. Lines and columns count from one. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** What a command's exit code means; part of the interface, see docs/reference/exit-codes.md. */
export const EXIT = { ok: 0, failed: 1, usage: 2, inconclusive: 3, interrupted: 130 } as const;

/**
 * Something the user can put right: the message says what was found, where, and what is right.
 *
 * Everything else that is thrown is a bug of ours and keeps its stack. Messages are lower case,
 * quote what was found, and end without a full stop.
 *
 * @example new UserError('unknown metric "f1_score"; did you mean "f1"?', { at: { file: "trainyard.yaml", line: 14, column: 9 } }).message // => 'trainyard.yaml:14:9 unknown metric "f1_score"; did you mean "f1"?'
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
  readonly at: Place | undefined;
  /** The process's exit code: 1, or 2 where the command line itself was wrong. */
  readonly exit: number;

  constructor(message: string, options: { at?: Place; exit?: number; cause?: unknown } = {}) {
    const { at, exit = EXIT.failed, cause } = options;
    super(
      at === undefined ? message : `${placeText(at)} ${message}`,
      cause === undefined ? undefined : { cause },
    );
    this.at = at;
    this.exit = exit;
  }
}

/**
 * A place as compilers print it, so that editors and terminals make it a link.
 *
 * @example placeText({ file: "trainyard.yaml", line: 3, column: 5 }) // => "trainyard.yaml:3:5"
 * @example placeText({ file: "data.csv" }) // => "data.csv"
 */
export function placeText({ file, line, column }: Place): string {
  if (line === undefined) return file;
  return column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;
}

/** The end of every `switch` over a closed union: a new member that is not handled does not compile. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
