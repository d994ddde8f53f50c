/** One piece of work that a person waits for. */
export interface Task {
  /** Says how far it is; `total` is left out where nobody knows. */
  update(done: number, total?: number, note?: string): void;
  /** Ends it; the text is what remains on the screen. */
  end(text?: string): void;
}

/** How work in progress is shown: a bar on a terminal, plain lines in CI, nothing in tests. */
export interface Progress {
  /** @param unit `bytes`: what is counted is shown with its rate and the time that is left */
  start(title: string, total?: number, unit?: "bytes"): Task;
  /** One line for a person. Goes to standard error, so that standard output is the result alone. */
  say(text: string): void;
}
