import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { makeBare } from "./bare.ts";
import { git } from "./git.ts";
import { account, findRepository, nextId, type Repository, type Role, stamp, type World } from "./world.ts";

interface Options {
  readonly private?: boolean;
  readonly from?: string;
  readonly defaultBranch?: string;
  readonly collaborators?: Readonly<Record<string, Role>>;
}

function registered(
  world: World,
  fullName: string,
  options: Options & { readonly branch: string; readonly parent?: Repository },
): Repository {
  const [owner = "", name = ""] = fullName.split("/");
  const made: Repository = {
    id: nextId(world),
    owner: account(world, owner, "Organization"),
    name,
    fullName,
    private: options.private ?? false,
    defaultBranch: options.branch,
    folder: join(world.folder, "repositories", `${fullName}.git`),
    parent: options.parent,
    collaborators: new Map(
      Object.entries(options.collaborators ?? {}).map(([login, role]) => [login.toLowerCase(), role]),
    ),
    issues: new Map(),
    labels: new Map(),
    checks: [],
    statuses: [],
    releases: new Map(),
    deployments: new Map(),
    runs: new Map(),
    workflows: new Map(),
    artifacts: new Map(),
    rules: new Map(),
    queue: [],
    signed: new Set(),
    createdAt: stamp(world),
    pushedAt: stamp(world),
  };
  for (const login of Object.keys(options.collaborators ?? {})) account(world, login);
  return made;
}

/** Makes a repository with one empty commit, or with the branches and tags of a folder's repository. */
export async function makeRepository(world: World, fullName: string, options: Options = {}): Promise<void> {
  if (!/^[\w.-]+\/[\w.-]+$/.test(fullName)) throw new Error(`"${fullName}" is not OWNER/NAME`);
  if (findRepository(world, fullName)) throw new Error(`there is a repository "${fullName}" already`);
  const theirs = options.from ? join(options.from, ".git") : "";
  const branch =
    options.defaultBranch ??
    (options.from ? await git(theirs, ["symbolic-ref", "--short", "HEAD"]) : undefined) ??
    "main";
  const repository = registered(world, fullName, { ...options, branch });
  const { folder } = repository;
  await makeBare(folder, branch);
  if (options.from) {
    await git(folder, [
      "fetch",
      "--quiet",
      options.from,
      "+refs/heads/*:refs/heads/*",
      "+refs/tags/*:refs/tags/*",
    ]);
  } else {
    const tree = await git(folder, ["hash-object", "-w", "-t", "tree", "--stdin"]);
    const author = {
      NAME: repository.owner.login,
      EMAIL: "noreply@github.com",
      DATE: `${repository.createdAt}`,
    };
    const env = Object.entries(author).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]);
    const first = await git(folder, ["commit-tree", tree, "-m", "Initial commit"], {
      env: Object.fromEntries(env),
    });
    await git(folder, ["update-ref", `refs/heads/${branch}`, first]);
  }
  world.repositories.set(fullName.toLowerCase(), repository);
}

/** Copies a repository to another owner; both keep their objects in one place, as GitHub's forks do. */
export async function forkRepository(world: World, from: Repository, owner: string): Promise<string> {
  const fullName = `${account(world, owner).login}/${from.name}`;
  if (findRepository(world, fullName)) return fullName;
  const fork = registered(world, fullName, {
    private: from.private,
    branch: from.defaultBranch,
    parent: from,
  });
  await makeBare(fork.folder, from.defaultBranch);
  await rm(join(fork.folder, "objects"), { recursive: true });
  await symlink(join(from.folder, "objects"), join(fork.folder, "objects"));
  await git(fork.folder, [
    "fetch",
    "--quiet",
    from.folder,
    "+refs/heads/*:refs/heads/*",
    "+refs/tags/*:refs/tags/*",
  ]);
  world.repositories.set(fullName.toLowerCase(), fork);
  return fullName;
}
