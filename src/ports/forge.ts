import { UserError } from "../errors.ts";
import type { RepositorySettings, SettingsAsked } from "./settings.ts";

/**
 * The place where the team works: pull requests, comments, checks, issues, releases and deployments of
 * ONE repository. Lists are whole lists: an adapter pages for as long as there are pages.
 *
 * Every method that writes may be called again with the same arguments and changes nothing then.
 * Where the forge refuses for want of a permission, the error names it and the YAML that grants it.
 */
export interface Forge {
  /** `acme/wages` */
  readonly repository: string;
  repositoryInfo(): Promise<RepositoryInfo>;
  /** Who speaks: comments of others are never ours, whatever they hold. */
  speaker(): Promise<Speaker>;

  readonly pulls: {
    get(number: number): Promise<PullRequest | undefined>;
    /** Open pull requests, all or those of one head branch (`owner:branch`). */
    open(head?: string): Promise<readonly PullRequest[]>;
    create(pull: NewPull): Promise<PullRequest>;
    /** Paths that it changes. */
    files(number: number): Promise<readonly string[]>;
    /** The commit at which head left base. */
    mergeBase(base: string, head: string): Promise<string>;
  };

  readonly comments: {
    /** One comment by this speaker with this marker: made, or updated in place, never doubled. */
    upsert(issue: number, marker: string, body: string): Promise<Written>;
    find(issue: number, marker: string): Promise<Comment | undefined>;
    react(comment: number, reaction: Reaction): Promise<void>;
  };

  readonly checks: {
    /** One check of that name on a commit. Annotations beyond the API's limit are sent in parts. */
    put(check: Check): Promise<Written>;
    /** Names of the checks and statuses that a commit has, with how they ended. */
    of(
      commit: string,
    ): Promise<readonly { readonly name: string; readonly conclusion: string | undefined }[]>;
  };
  readonly statuses: {
    put(commit: string, status: Status): Promise<void>;
    /** The newest of each context. */
    of(commit: string): Promise<readonly Status[]>;
  };

  readonly labels: {
    /** Creates those the repository lacks, then adds them. */
    add(issue: number, labels: readonly string[]): Promise<void>;
    remove(issue: number, label: string): Promise<void>;
  };
  readonly issues: {
    /** Issues by this speaker with all of the labels whose body holds the marker. */
    find(marker: string, labels: readonly string[]): Promise<readonly Issue[]>;
    open(issue: NewIssue): Promise<Issue>;
    update(number: number, change: IssueChange): Promise<Issue>;
  };

  /** A commit by the API, so that it is signed and may trigger workflows. @throws {HeadMoved} */
  commit(commit: NewCommit): Promise<{ readonly sha: string; readonly url: string }>;
  /** A branch's newest commit; undefined where there is no such branch. */
  branch(name: string): Promise<string | undefined>;
  createBranch(name: string, sha: string): Promise<void>;
  /** A text file at a commit or branch; undefined where it is not there. */
  file(path: string, ref: string): Promise<string | undefined>;

  readonly releases: {
    /** By tag, drafts included, which only listing shows. */
    find(tag: string): Promise<Release | undefined>;
    /** Draft → assets → published; taken up where an earlier attempt stopped. */
    publish(release: NewRelease): Promise<Release>;
  };
  readonly deployments: {
    list(environment: string): Promise<readonly Deployment[]>;
    create(deployment: NewDeployment): Promise<Deployment>;
    status(id: number, status: DeploymentStatus): Promise<void>;
  };

  readonly runs: {
    get(id: number): Promise<WorkflowRun | undefined>;
    /** Artifacts of a run, newest of each name first. */
    artifacts(id: number): Promise<readonly ArtifactInfo[]>;
    /** The zipped bytes; stops and throws beyond `most` bytes. */
    artifact(id: number, most: number): Promise<Uint8Array>;
  };
  dispatch(workflow: string, ref: string, inputs: Readonly<Record<string, string>>): Promise<void>;

  /** What somebody may do here, by the permissions API: never by what a comment says of its author. */
  permission(login: string): Promise<"admin" | "maintain" | "write" | "triage" | "read" | "none">;
  /** What a branch requires before a merge, from rulesets and from branch protection. */
  rules(branch: string): Promise<BranchRules>;
  /** Settings of the repository as a whole; what the token may not see is left out. */
  settings?(asked: SettingsAsked): Promise<RepositorySettings>;
}

export interface RepositoryInfo {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  readonly ownerType: "User" | "Organization";
  /** `free`, `pro`, `team`, `enterprise`; undefined where the token may not know. */
  readonly plan: string | undefined;
}

export interface Speaker {
  /** `github-actions[bot]`, `acme-trainyard[bot]`, `ada` */
  readonly login: string;
  /** Whether commits and comments of this speaker start workflows: not with a workflow's own token. */
  readonly triggersWorkflows: boolean;
  readonly kind: "workflow" | "app" | "user";
}

export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly url: string;
  readonly state: "open" | "closed";
  readonly draft: boolean;
  readonly author: string;
  readonly labels: readonly string[];
  /** `repository` is undefined where the fork was deleted. */
  readonly head: { readonly sha: string; readonly ref: string; readonly repository: string | undefined };
  readonly base: { readonly sha: string; readonly ref: string; readonly repositoryId: number };
}

export interface NewPull {
  readonly title: string;
  readonly body: string;
  readonly head: string;
  readonly base: string;
}

export interface Comment {
  readonly id: number;
  readonly body: string;
  readonly url: string;
}

export type Reaction = "+1" | "-1" | "eyes" | "rocket" | "confused";

export interface Written {
  readonly id: number;
  readonly url: string;
  readonly outcome: "created" | "updated" | "unchanged";
}

export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly level: "notice" | "warning" | "failure";
  readonly title: string;
  readonly message: string;
}

export interface Check {
  readonly name: string;
  readonly commit: string;
  readonly conclusion: "success" | "failure" | "neutral" | "action_required" | undefined;
  readonly title: string;
  /** Markdown, up to 65,535 characters. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  readonly url?: string;
}

export interface Status {
  readonly context: string;
  readonly state: "pending" | "success" | "failure" | "error";
  /** Up to 140 characters; longer ones are cut. */
  readonly description: string;
  readonly url?: string;
}

export interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly url: string;
  readonly state: "open" | "closed";
  readonly locked: boolean;
  readonly labels: readonly string[];
  readonly author: string;
}

export interface NewIssue {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly assignees?: readonly string[];
}

export interface IssueChange {
  readonly title?: string;
  readonly body?: string;
  readonly state?: "open" | "closed";
  readonly reason?: "completed" | "not_planned" | "reopened";
}

export interface NewCommit {
  readonly branch: string;
  /** The branch's head must still be this one. */
  readonly expectedHead: string;
  readonly message: string;
  readonly write: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  readonly remove: readonly string[];
}

export interface Release {
  readonly id: number;
  readonly tag: string;
  readonly name: string;
  readonly draft: boolean;
  readonly url: string;
  readonly assets: readonly { readonly name: string; readonly size: number }[];
}

export interface NewRelease {
  readonly tag: string;
  readonly commit: string;
  readonly name: string;
  readonly body: string;
  readonly prerelease: boolean;
  readonly assets: readonly { readonly name: string; readonly bytes: Uint8Array; readonly type: string }[];
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly environment: string;
  readonly payload: unknown;
  readonly createdAt: string;
  readonly creator: string;
  readonly state: DeploymentStatus["state"] | undefined;
}

export interface NewDeployment {
  readonly ref: string;
  readonly environment: string;
  readonly production: boolean;
  readonly description: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface DeploymentStatus {
  readonly state: "queued" | "pending" | "in_progress" | "success" | "failure" | "error" | "inactive";
  readonly description: string;
  readonly environmentUrl?: string;
  readonly logUrl?: string;
}

export interface WorkflowRun {
  readonly id: number;
  readonly attempt: number;
  readonly event: string;
  /** The workflow's file: `.github/workflows/trainyard.yml`. */
  readonly path: string;
  readonly headSha: string;
  readonly headBranch: string | undefined;
  /** `owner/name`; undefined where the fork was deleted. */
  readonly headRepository: string | undefined;
  readonly conclusion: string | undefined;
  readonly url: string;
}

export interface ArtifactInfo {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  readonly expired: boolean;
  /** `sha256:…` of the zip, as the service says. */
  readonly digest: string | undefined;
}

export interface BranchRules {
  /** Contexts of checks and statuses that must pass. `app` where it is bound to a GitHub App. */
  readonly required: readonly { readonly context: string; readonly app: number | undefined }[];
  readonly codeOwners: boolean;
  readonly approvals: number;
  readonly staleApprovalsDismissed: boolean;
  readonly mergeQueue: boolean;
  /** Whether anything protects the branch at all; undefined where the plan or token cannot say. */
  readonly protected: boolean | undefined;
}

/** In whose name the forge is asked. */
export interface ForgeAccess {
  /** `owner/name`; the one that the surroundings name where absent. */
  readonly repository?: string | undefined;
  readonly token?: string | undefined;
  /** The team's own GitHub App, installed on the repository; it takes the token's place. */
  readonly app?: { readonly id: string; readonly privateKey: string } | undefined;
}

/** The commit was not made: the branch's head is not the one that was expected. */
export class HeadMoved extends UserError {
  readonly found: string | undefined;

  constructor(branch: string, expected: string, found: string | undefined) {
    super(
      `the head of "${branch}" is ${found ?? "gone"}, not ${expected}; the newer commit is judged on its own`,
    );
    this.found = found;
  }
}
