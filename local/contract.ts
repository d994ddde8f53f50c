/*
 * GitHub and its runner on the loopback, for tests and the demo. This file is what the two know of each
 * other: `local/github/` keeps the state and answers the API, `local/runner/` runs the workflow files.
 */

/** What a token may do: `contents: write`, as in a workflow file. */
export type Permissions = Readonly<Record<string, "read" | "write">>;

/** Something that happened, with the payload that GitHub would send. */
export interface GithubEvent {
  /** `pull_request`, `workflow_run`, `issue_comment`, `merge_group`, `push`, `workflow_dispatch` … */
  readonly name: string;
  readonly repository: string;
  /** The payload, `action` and `repository` included: `github.event` in a workflow. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** The commit that `github.sha` is, and the ref that `github.ref` is. */
  readonly sha: string;
  readonly ref: string;
  /**
   * Where workflow files are read from: the merge commit's tree for `pull_request` (the change's own
   * files), the default branch for `workflow_run` and `issue_comment`.
   */
  readonly workflowSha: string;
  readonly actor: string;
  /** False for what a workflow's own token did: no workflow starts then, but for dispatches. */
  readonly startsWorkflows: boolean;
  /** A fork's pull request or Dependabot's: read-only token, no secrets. */
  readonly lowTrust: boolean;
}

/** A run as the runner tells it to GitHub; the API's workflow run is made from it. */
export interface RunRecord {
  readonly name: string;
  /** `.github/workflows/trainyard.yml` */
  readonly path: string;
  readonly event: GithubEvent;
}

/** Faults on demand: the next `times` requests that match are answered so. */
export interface Fault {
  readonly method?: string;
  readonly path: RegExp;
  readonly times: number;
  readonly answer:
    | {
        readonly status: number;
        readonly headers?: Readonly<Record<string, string>>;
        readonly body?: unknown;
      }
    | { readonly delay: number }
    /** The connection breaks after half of the answer, which GitHub has acted upon. */
    | "cut";
}

export interface LocalGithub {
  /** `http://127.0.0.1:PORT`: Git at `/OWNER/NAME.git`, pages for people at `/OWNER/NAME/pull/1`. */
  readonly url: string;
  /** `GITHUB_API_URL`; `GITHUB_GRAPHQL_URL` is beside it. */
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  /** `ACTIONS_RESULTS_URL`: where @actions/artifact uploads. */
  readonly resultsUrl: string;

  /** Makes an account. @returns a personal token with everything that its permissions on repositories allow */
  user(login: string): Promise<string>;
  /** Makes a repository with one empty commit or, with `from`, with what a folder's Git repository has. */
  repository(
    name: string,
    options?: {
      readonly private?: boolean;
      readonly from?: string;
      readonly defaultBranch?: string;
      readonly collaborators?: Readonly<Record<string, "admin" | "maintain" | "write" | "triage" | "read">>;
    },
  ): Promise<void>;
  /** Copies a repository to another owner, as the Fork button does. */
  fork(repository: string, owner: string): Promise<string>;
  /** A GitHub App installed on a repository. */
  app(
    slug: string,
    repository: string,
    permissions: Permissions,
  ): Promise<{ readonly id: number; readonly privateKey: string }>;
  /** Requires checks, approvals and code owners of a branch, as a ruleset does. */
  protect(
    repository: string,
    branch: string,
    rules: {
      readonly checks?: readonly { readonly context: string; readonly app?: number }[];
      readonly approvals?: number;
      readonly codeOwners?: boolean;
      readonly dismissStale?: boolean;
      readonly mergeQueue?: boolean;
    },
  ): Promise<void>;

  /** A workflow's own token for one job: `github-actions[bot]`, gone when the job ends. */
  jobToken(repository: string, run: number, permissions: Permissions): string;
  revoke(token: string): void;
  /**
   * A job that names an environment makes a deployment there, unless it says `deployment: false`.
   *
   * @returns what tells how it ended
   */
  jobDeployment(
    run: number,
    environment: { readonly name: string; readonly url: string },
  ): (state: "queued" | "in_progress" | "success" | "failure" | "inactive") => void;
  /** What @actions/artifact needs of one job: `ACTIONS_RUNTIME_TOKEN`. */
  runtimeToken(run: number, job: string): string;

  readonly runs: {
    start(run: RunRecord): number;
    /** A run is run again under its number, with another attempt. */
    again(id: number): number;
    finish(id: number, conclusion: "success" | "failure" | "cancelled" | "skipped" | "startup_failure"): void;
  };

  /** Called with every event, in their order, after the request that caused it was answered. */
  onEvent(listener: (event: GithubEvent) => void): void;
  /** @returns what ends the fault before its time */
  fault(fault: Fault): () => void;
  /** Requests and answers that GitHub's OpenAPI description does not allow. Tests hold this empty. */
  readonly violations: readonly string[];
  /** Every request, for tests that count: `POST /repos/acme/wages/issues/1/comments`. */
  readonly requests: readonly { readonly method: string; readonly path: string; readonly status: number }[];
  close(): Promise<void>;
}

/** How one job ended. */
export interface JobResult {
  readonly name: string;
  readonly result: "success" | "failure" | "cancelled" | "skipped";
  readonly outputs: Readonly<Record<string, string>>;
  readonly log: string;
  /** `GITHUB_STEP_SUMMARY` of its steps, one after the other. */
  readonly summary: string;
  /** `::error file=…,line=…::message` and the like. */
  readonly annotations: readonly {
    readonly level: "error" | "warning" | "notice";
    readonly message: string;
    readonly file?: string;
    readonly line?: number;
    readonly title?: string;
  }[];
}

/** How one workflow run ended. */
export interface RunResult {
  readonly id: number;
  readonly workflow: string;
  readonly path: string;
  readonly event: string;
  readonly conclusion: "success" | "failure" | "cancelled" | "skipped" | "startup_failure";
  /** Jobs by their full names: `propose / fetch`. */
  readonly jobs: readonly JobResult[];
  /** Why it did not start. */
  readonly problem?: string;
}

export interface RunnerOptions {
  readonly github: LocalGithub;
  /** Where `uses: OWNER/NAME/…@REF` is found: `trainyard/trainyard` is this tree. Everything else is refused. */
  readonly actions: Readonly<Record<string, string>>;
  /** Secrets and variables by repository. */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly variables?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Environments by repository and name: their secrets, and the only branches whose jobs may have them. */
  readonly environments?: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          { readonly secrets: Readonly<Record<string, string>>; readonly branches: readonly string[] }
        >
      >
    >
  >;
  /** The node that runs JavaScript actions; the one that runs this where absent. */
  readonly node?: string;
  /** The `PATH` of jobs; this process's where absent. */
  readonly path?: string;
  /**
   * Whether a reviewer lets a job enter an environment; the job waits as long as the reviewer does. Without
   * it, nobody is there to ask, and the job fails with a clear message.
   */
  readonly approve?: (environment: string, run: number) => boolean | Promise<boolean>;
  /** Called as things happen, for the demo's and a test's eyes. */
  readonly say?: (line: string) => void;
  /** Where a machine is lost, once. */
  readonly kill?: Kill;
}

/** Where a job's machine is lost with all that runs on it. */
export interface Kill {
  /** The job's full name: `judge / write`. */
  readonly job: string;
  readonly step: string;
  /** As the step begins, when it has ended, or as soon as GitHub has answered such a request, `POST /graphql`, meanwhile. */
  readonly when: "begins" | "ends" | { readonly asked: RegExp };
}

export interface Runner {
  /** Resolves when no run is under way and none is waiting, with all runs that ended since the last call. */
  settled(): Promise<readonly RunResult[]>;
  /** Runs a finished run again, as the button does. */
  again(id: number): Promise<RunResult>;
  /** Has a machine lost, once, as `RunnerOptions.kill` has from the start; it takes the place of one that did not come to pass. */
  kill(at: Kill): void;
  close(): Promise<void>;
}
