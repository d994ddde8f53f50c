import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../errors.ts";
import type { RemoteGit } from "./remote-git.ts";
import type { TreePlan } from "./trees-plan.ts";

/**
 * Writes the files of a plan, byte for byte as the commit has them, into a folder that nobody else
 * knows yet. Our code writes them, not Git: no filter, line end, attribute or hook has a say.
 */
export async function writeTree(
  git: RemoteGit,
  store: string,
  folder: string,
  files: TreePlan["files"],
): Promise<void> {
  const folders = new Set<string>();
  const create = ({ path, mode }: TreePlan["files"][number]): number => {
    const target = join(folder, path);
    const parent = dirname(target);
    if (!folders.has(parent)) {
      mkdirSync(parent, { recursive: true });
      folders.add(parent);
    }
    return openSync(target, "wx", mode === "100755" ? 0o755 : 0o644);
  };

  const child = git.start(store, ["cat-file", "--batch"]);
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve());
  });
  child.stdin.on("error", () => {}); // it ended too early: the count below says so
  child.stdin.end(files.map(({ id }) => `${id}\n`).join(""));

  let file: number | undefined;
  let header = "";
  let rest = -1; // bytes of the body to come and its line end; -1 in the header
  let index = 0;
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; ) {
        if (rest < 0) {
          const end = chunk.indexOf(0x0a, at);
          header += chunk.toString("latin1", at, end < 0 ? chunk.length : end);
          at = end < 0 ? chunk.length : end + 1;
          if (end < 0) continue;
          const next = files[index];
          const size = /^([0-9a-f]{40}) blob (\d+)$/.exec(header);
          if (next === undefined || size?.[1] !== next.id) throw new Error(`git cat-file: "${header}"`);
          file = create(next);
          rest = Number(size[2]) + 1;
          header = "";
        }
        const part = chunk.subarray(at, at + Math.min(rest, chunk.length - at));
        at += part.length;
        rest -= part.length;
        if (file !== undefined) write(file, rest === 0 ? part.subarray(0, -1) : part);
        if (rest === 0 && file !== undefined) {
          closeSync(file);
          file = undefined;
          rest = -1;
          index++;
        }
      }
    }
    await ended;
    if (index < files.length) throw new Error(`git cat-file ended after ${index} of ${files.length} files`);
  } catch (error) {
    throw collision(error, files[index]?.path) ?? error;
  } finally {
    if (file !== undefined) closeSync(file);
    child.kill("SIGKILL");
  }
}

function write(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

/** Two names that this file system takes for one, or a file where another needs a folder. */
function collision(error: unknown, path: string | undefined): UserError | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (path === undefined || !["EEXIST", "ENOTDIR", "EISDIR"].includes(code ?? "")) return undefined;
  return new UserError(
    `"${path}" cannot be written beside a file of nearly the same name; rename one of them`,
    { cause: error },
  );
}
