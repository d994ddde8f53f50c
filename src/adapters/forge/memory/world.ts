import type {
  ArtifactInfo,
  BranchRules,
  Check,
  Deployment,
  DeploymentStatus,
  Issue,
  NewPull,
  NewRelease,
  Reaction,
  RepositoryInfo,
  Review,
  Status,
  Tag,
  WorkflowRun,
} from "../../../ports/forge.ts";
import { type Commit, commitTo } from "./history.ts";

/** A pull request as it is kept; its commits are those of its branches, but for one from a fork. */
export interface KeptPull extends NewPull {
  readonly number: number;
  readonly author: string;
  readonly labels: Set<string>;
  state: "open" | "closed";
  readonly draft: boolean;
  /** Its head when it was closed: what is pushed to the branch after that is not its own. */
  readonly last?: string | undefined;
  /** The commit that its merge put on the base. */
  readonly merged?: string;
  /** The fork that it comes from and its commit there. */
  readonly fork?: { readonly repository: string | undefined; readonly sha: string };
}

/** What a repository on a forge holds, in memory: made by tests, and shared by all who speak there. */
export interface MemoryWorld {
  info: RepositoryInfo;
  readonly commits: Map<string, Commit>;
  readonly branches: Map<string, string>;
  readonly pulls: Map<number, KeptPull>;
  readonly reviews: Map<number, readonly Review[]>;
  readonly comments: { readonly id: number; readonly issue: number; readonly author: string; body: string }[];
  readonly reactions: { readonly comment: number; readonly author: string; readonly reaction: Reaction }[];
  readonly checks: { readonly id: number; readonly author: string; check: Check }[];
  /** The newest last. */
  readonly statuses: { readonly commit: string; readonly status: Status }[];
  readonly labels: Set<string>;
  readonly issues: Map<number, Issue>;
  readonly tags: Tag[];
  readonly releases: (NewRelease & { readonly id: number; draft: boolean })[];
  readonly deployments: (Omit<Deployment, "state"> & { readonly statuses: DeploymentStatus[] })[];
  readonly runs: Map<number, WorkflowRun>;
  readonly artifacts: {
    readonly run: number;
    readonly info: ArtifactInfo;
    readonly bytes: Uint8Array;
  }[];
  readonly dispatches: {
    readonly workflow: string;
    readonly ref: string;
    readonly inputs: Readonly<Record<string, string>>;
  }[];
  /** By login; nobody else has any. */
  readonly permissions: Map<string, "admin" | "maintain" | "write" | "triage" | "read">;
  readonly rules: Map<string, BranchRules>;
  /** The next number of a pull request, issue, comment and so on. */
  next(): number;
}

/**
 * A repository with one commit on its default branch.
 *
 * @param files texts of the first commit by path
 */
export function memoryWorld(
  repository = "acme/wages",
  files: Readonly<Record<string, string>> = { "README.md": "# Wages\n" },
): MemoryWorld {
  const [owner = "", name = ""] = repository.split("/");
  let last = 0;
  const world: MemoryWorld = {
    info: {
      id: 1,
      owner,
      name,
      private: false,
      defaultBranch: "main",
      ownerType: "Organization",
      plan: undefined,
    },
    commits: new Map(),
    branches: new Map(),
    pulls: new Map(),
    reviews: new Map(),
    comments: [],
    reactions: [],
    checks: [],
    statuses: [],
    labels: new Set(),
    issues: new Map(),
    tags: [],
    releases: [],
    deployments: [],
    runs: new Map(),
    artifacts: [],
    dispatches: [],
    permissions: new Map(),
    rules: new Map(),
    next: () => ++last,
  };
  commitTo(world, "main", { message: "Begin", write: files });
  return world;
}

/** Where a thing of the world would be seen, were it one. */
export function urlOf({ info }: MemoryWorld, path: string): string {
  return `https://github.com/${info.owner}/${info.name}/${path}`;
}
