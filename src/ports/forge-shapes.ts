/*
 * What a forge knows and is told, as plain values: the nouns of `forge.ts`.
 */

/** The repository itself, as far as its token may know it. */
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

/** In whose name is written. */
export interface Speaker {
  /** `github-actions[bot]`, `acme-trainyard[bot]`, `ada` */
  readonly login: string;
  /** Whether commits and comments of this speaker start workflows: not with a workflow's own token. */
  readonly triggersWorkflows: boolean;
  readonly kind: "workflow" | "app" | "user";
}

/** A pull request as it is now. */
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

/** What somebody said who looked at a pull request. */
export interface Review {
  readonly by: string;
  readonly state: "approved" | "changes requested" | "commented" | "dismissed";
  /** The commit that they looked at; undefined where the forge does not know it any more. */
  readonly commit: string | undefined;
  /** ISO 8601. */
  readonly at: string;
}

/** A pull request that is to be opened. */
export interface NewPull {
  readonly title: string;
  readonly body: string;
  readonly head: string;
  readonly base: string;
}

/** What of a pull request becomes another; the rest stays. */
export interface PullChange {
  readonly title?: string;
  readonly body?: string;
  readonly state?: "open" | "closed";
}

/** A comment of this speaker's. */
export interface Comment {
  readonly id: number;
  readonly body: string;
  readonly url: string;
}

export type Reaction = "+1" | "-1" | "eyes" | "rocket" | "confused";

/** What became of something that is written in place. */
export interface Written {
  readonly id: number;
  readonly url: string;
  readonly outcome: "created" | "updated" | "unchanged";
}

/** A remark beside a line of a file. */
export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly level: "notice" | "warning" | "failure";
  readonly title: string;
  readonly message: string;
}

/** A check run: a verdict with room for its reasons. No conclusion means that it is under way. */
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

/** How a check or a status of a commit ended. */
export interface CheckResult {
  readonly name: string;
  /** Undefined while it is under way. */
  readonly conclusion: string | undefined;
  /** Number of the App that made a check, which nobody else can; undefined of a status, which anybody may set. */
  readonly app: number | undefined;
}

/** A commit status: a verdict of one line. */
export interface Status {
  readonly context: string;
  readonly state: "pending" | "success" | "failure" | "error";
  /** Up to 140 characters; longer ones are cut. */
  readonly description: string;
  readonly url?: string;
}

/** An issue as it is now. */
export interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly url: string;
  readonly state: "open" | "closed";
  readonly locked: boolean;
  readonly labels: readonly string[];
  readonly author: string;
  /** Who closed it; undefined where it is open, or the forge does not say. */
  readonly closedBy: string | undefined;
}

/** An issue that is to be opened. */
export interface NewIssue {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly assignees?: readonly string[];
}

/** What of an issue becomes another; the rest stays. */
export interface IssueChange {
  readonly title?: string;
  readonly body?: string;
  readonly state?: "open" | "closed";
  readonly reason?: "completed" | "not_planned" | "duplicate" | "reopened";
}

/** A commit that was made. */
export interface CommitInfo {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly message: string;
  /** The account that the forge names as its author, which whoever pushes can choose; undefined where it names none. */
  readonly author: string | undefined;
}

/** A commit that is to be made upon a branch. */
export interface NewCommit {
  readonly branch: string;
  /** The branch's head must still be this one. */
  readonly expectedHead: string;
  readonly message: string;
  readonly write: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  readonly remove: readonly string[];
}

/** An annotated tag. */
export interface Tag {
  /** `wages@v1.2.0` */
  readonly name: string;
  /** The commit that it stands for. */
  readonly commit: string;
  readonly message: string;
  readonly tagger: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A tag that is to be made. */
export interface NewTag {
  readonly name: string;
  readonly commit: string;
  readonly message: string;
}

/** A release, published or still a draft. */
export interface Release {
  readonly id: number;
  readonly tag: string;
  readonly name: string;
  readonly draft: boolean;
  readonly url: string;
  readonly assets: readonly { readonly name: string; readonly size: number }[];
}

/** A release that is to be published. */
export interface NewRelease {
  readonly tag: string;
  readonly commit: string;
  readonly name: string;
  readonly body: string;
  readonly prerelease: boolean;
  readonly assets: readonly { readonly name: string; readonly bytes: Uint8Array; readonly type: string }[];
}

/** A deployment with its newest status. */
export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly environment: string;
  readonly payload: unknown;
  readonly createdAt: string;
  readonly creator: string;
  readonly state: DeploymentStatus["state"] | undefined;
}

/** A deployment that is to be recorded. */
export interface NewDeployment {
  readonly ref: string;
  readonly environment: string;
  readonly production: boolean;
  readonly description: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** How far a deployment has come. */
export interface DeploymentStatus {
  readonly state: "queued" | "pending" | "in_progress" | "success" | "failure" | "error" | "inactive";
  readonly description: string;
  readonly environmentUrl?: string;
  readonly logUrl?: string;
}

/** A run of a workflow, as the forge tells of it. */
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
  /** How long it took; undefined while it runs, and where that is not told. */
  readonly seconds?: number | undefined;
  readonly url: string;
}

/** An artifact of a run, without its bytes. */
export interface ArtifactInfo {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  readonly expired: boolean;
  /** `sha256:…` of the zip, as the service says. */
  readonly digest: string | undefined;
}

/** What stands between a branch and a merge. */
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
