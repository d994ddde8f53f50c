/** What an address answered: text of a bounded length. */
export interface WebAnswer {
  readonly status: number;
  readonly text: string;
}

/** How far an address that anybody may have named is trusted. */
export interface WebLimits {
  /** Milliseconds until all of the answer must be here. */
  readonly patience: number;
  /** Bytes of the answer; a longer one is an error. */
  readonly most: number;
}

/**
 * Asks an address by GET, without any credentials. Where it leads on to another address, that is the
 * answer: it is not followed.
 *
 * @throws {UserError} where nobody answers, too late, or too much
 */
export type Ask = (url: string, limits: WebLimits) => Promise<WebAnswer>;
