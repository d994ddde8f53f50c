/** One request, read to its end. */
export interface Request {
  readonly method: string;
  /** Path and query, as they came. */
  readonly target: string;
  /** A header by its lower-case name; of several, the first. */
  header(name: string): string | undefined;
  readonly body: Uint8Array;
}

/** What goes back. */
export interface Response {
  readonly status: number;
  /** `application/json` where nothing else is said. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** What is done when the answer is on its way: nobody waits for it. */
  readonly after?: () => void;
}

/** How a server listens. */
export interface Listen {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Bytes of a request's body; a longer one is refused before it is read. */
  readonly most: number;
  /** Answers a request. What it throws is our bug: the caller gets 500, and `failed` the error. */
  answer(request: Request): Promise<Response>;
  /** The body for what goes wrong before a request can be answered. */
  refusal(message: string): string;
  failed(error: unknown): void;
  /** Told of each request that `answer` never saw: too large, too slow, no HTTP. */
  refused(status: number): void;
}

/** A server that listens. */
export interface Listening {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /**
   * Takes no more connections, and waits for what runs.
   *
   * @param patience milliseconds after which what still runs is cut off
   * @returns how many connections were cut off
   */
  close(patience: number): Promise<number>;
}
