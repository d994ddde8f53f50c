import { formatBytes } from "../../core/text/bytes.ts";
import { UserError } from "../../errors.ts";
import { type BranchRules, type Forge, HeadMoved, type Speaker } from "../../ports/forge.ts";
import { changedPaths, commitAt, commitTo } from "./memory/history.ts";
import { memoryRecord } from "./memory/record.ts";
import { memoryTalk } from "./memory/talk.ts";
import { type MemoryWorld, memoryWorld, urlOf } from "./memory/world.ts";
import { WORKFLOW } from "./speaker.ts";

export { commitTo } from "./memory/history.ts";
export { type KeptPull, type MemoryWorld, memoryWorld } from "./memory/world.ts";

const UNPROTECTED: BranchRules = {
  required: [],
  codeOwners: false,
  approvals: 0,
  staleApprovalsDismissed: false,
  mergeQueue: false,
  protected: false,
};

/**
 * A forge that lives as long as the process: the dry run, and the fake in tests. Several speakers may
 * share one world, and see there what the others wrote.
 */
export function memoryForge(world: MemoryWorld = memoryWorld(), speaker: Speaker = WORKFLOW): Forge {
  return {
    repository: `${world.info.owner}/${world.info.name}`,
    repositoryInfo: async () => world.info,
    speaker: async () => speaker,
    ...memoryTalk(world, speaker),
    ...memoryRecord(world, speaker),

    async commit({ branch, expectedHead, message, write, remove }) {
      const head = world.branches.get(branch);
      const answer = (sha: string) => ({ sha, url: urlOf(world, `commit/${sha}`) });
      const writes = Object.fromEntries(write.map(({ path, bytes }) => [path, bytes]));
      if (head !== expectedHead) {
        const last = head === undefined ? undefined : world.commits.get(head);
        const asked = new Set([...Object.keys(writes), ...remove]);
        const ours =
          last?.message === message &&
          last.parents[0] === expectedHead &&
          changedPaths(world, expectedHead, last.sha).every((path) => asked.has(path)) &&
          write.every(({ path, bytes }) => Buffer.from(bytes).equals(last.tree.get(path) ?? Buffer.of())) &&
          remove.every((path) => !last.tree.has(path));
        if (ours) return answer(last.sha);
        throw new HeadMoved(branch, expectedHead, head);
      }
      return answer(commitTo(world, branch, { message, author: speaker.login, write: writes, remove }));
    },
    async commitInfo(sha) {
      const found = world.commits.get(sha);
      return found && { sha, parents: found.parents, message: found.message, author: found.author };
    },
    branch: async (name) => world.branches.get(name),
    async createBranch(name, sha) {
      if (!world.commits.has(sha)) throw new UserError(`there is no commit ${sha}`);
      if (!world.branches.has(name)) world.branches.set(name, sha);
    },
    async moveBranch(name, sha) {
      if (!world.commits.has(sha)) throw new UserError(`there is no commit ${sha}`);
      world.branches.set(name, sha);
    },
    async file(path, ref) {
      const bytes = commitAt(world, ref)?.tree.get(path);
      return bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8");
    },

    runs: {
      get: async (id) => world.runs.get(id),
      artifacts: async (id) =>
        world.artifacts
          .filter(({ run }) => run === id)
          .map(({ info }) => info)
          .sort((a, b) => b.id - a.id),
      async artifact(id, most) {
        const kept = world.artifacts.find(({ info }) => info.id === id);
        if (kept === undefined) throw new UserError(`there is no artifact ${id}`);
        if (kept.bytes.length > most) {
          throw new UserError(`artifact ${id} is larger than the ${formatBytes(most)} that are allowed`);
        }
        return kept.bytes;
      },
    },
    async dispatch(workflow, ref, inputs) {
      world.dispatches.push({ workflow, ref, inputs });
    },

    permission: async (login) => world.permissions.get(login) ?? "none",
    rules: async (branch) => world.rules.get(branch) ?? UNPROTECTED,
  };
}
