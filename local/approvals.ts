/** The reviewers of environments, for tests that decide as they go. */
export interface Approvals {
  /** What the runner asks: `RunnerOptions.approve`. Environments that have no reviewers are let through. */
  ask(environment: string, run: number): boolean | Promise<boolean>;
  /** Resolves with the run, when a job waits for this environment. */
  waits(environment: string): Promise<number>;
  /** Lets the job that waits longest in, or turns it away. */
  answer(environment: string, approved: boolean): Promise<void>;
}

interface Waiting {
  readonly environment: string;
  readonly run: number;
  readonly decide: (approved: boolean) => void;
}

/** @param reviewed the environments that a job enters only when a reviewer has said so */
export function openApprovals(reviewed: readonly string[]): Approvals {
  const waiting: Waiting[] = [];
  const watching: (() => void)[] = [];
  const first = async (environment: string): Promise<Waiting> => {
    for (;;) {
      const found = waiting.find((one) => one.environment === environment);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => void watching.push(resolve));
    }
  };
  return {
    ask: (environment, run) =>
      !reviewed.includes(environment) ||
      new Promise((decide) => {
        waiting.push({ environment, run, decide });
        for (const wake of watching.splice(0)) wake();
      }),
    waits: async (environment) => (await first(environment)).run,
    async answer(environment, approved) {
      const one = await first(environment);
      waiting.splice(waiting.indexOf(one), 1);
      one.decide(approved);
    },
  };
}
