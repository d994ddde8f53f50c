import { UserError } from "../errors.ts";
import type {
  ArtifactInfo,
  BranchRules,
  Check,
  CheckResult,
  Comment,
  CommitInfo,
  Deployment,
  DeploymentStatus,
  Issue,
  IssueChange,
  NewCommit,
  NewDeployment,
  NewIssue,
  NewPull,
  NewRelease,
  NewTag,
  PullChange,
  PullRequest,
  Reaction,
  Release,
  RepositoryInfo,
  Review,
  Speaker,
  Status,
  Tag,
  WorkflowRun,
  Written,
} from "./forge-shapes.ts";
import type { RepositorySettings, SettingsAsked } from "./settings.ts";

export type * from "./forge-shapes.ts";

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
    /** Those of one head branch (`owner:branch`), open or closed, the newest first. */
    of(head: string): Promise<readonly PullRequest[]>;
    /** Those whose merge brought a commit to the branch that it is on. */
    ofCommit(sha: string): Promise<readonly PullRequest[]>;
    create(pull: NewPull): Promise<PullRequest>;
    /** Title, text or state become others; what is as asked already is not written again. */
    update(number: number, change: PullChange): Promise<PullRequest>;
    /** Paths that it changes. */
    files(number: number): Promise<readonly string[]>;
    /** What people said who looked at it, the oldest first. */
    reviews(number: number): Promise<readonly Review[]>;
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
    of(commit: string): Promise<readonly CheckResult[]>;
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
  /** A commit by its whole id; undefined where there is none. */
  commitInfo(sha: string): Promise<CommitInfo | undefined>;
  /** A branch's newest commit; undefined where there is no such branch. */
  branch(name: string): Promise<string | undefined>;
  createBranch(name: string, sha: string): Promise<void>;
  /** Has a branch begin anew at a commit, whatever it held; it is made where there is none. */
  moveBranch(name: string, sha: string): Promise<void>;
  /** A text file at a commit or branch; undefined where it is not there. */
  file(path: string, ref: string): Promise<string | undefined>;

  readonly tags: {
    /** Annotated tags whose names begin so, oldest tagger's date first. */
    list(prefix: string): Promise<readonly Tag[]>;
    /** Names of all tags that begin so, the lightweight ones too: one request, where `list` asks for each. */
    names(prefix: string): Promise<readonly string[]>;
    /**
     * Makes an annotated tag; one that stands for the same commit with the same message stays as it is.
     *
     * @throws {TagTaken} where the name stands for something else
     */
    create(tag: NewTag): Promise<Tag>;
  };
  readonly releases: {
    /** By tag, drafts included, which only listing shows. */
    find(tag: string): Promise<Release | undefined>;
    /** Draft → assets → published; taken up where an earlier attempt stopped. */
    publish(release: NewRelease): Promise<Release>;
  };
  readonly deployments: {
    list(environment: string): Promise<readonly Deployment[]>;
    /**
     * The newest that is wanted and is in one of these states. Who follows an environment asks this again
     * and again: no more is read than it takes.
     */
    newest(
      environment: string,
      wanted: (deployment: Omit<Deployment, "state">) => boolean,
      states: readonly DeploymentStatus["state"][],
    ): Promise<Deployment | undefined>;
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

/** The tag was not made: its name stands for another commit, or says something else. */
export class TagTaken extends UserError {
  /** What stands there; undefined where it is no annotated tag. */
  readonly found: Tag | undefined;

  constructor(name: string, commit: string, found: Tag | undefined) {
    super(
      `the tag "${name}" is there already and stands for ${commit}; tags are not moved, so take another name`,
    );
    this.found = found;
  }
}
