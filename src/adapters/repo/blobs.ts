import { UserError } from "../../errors.ts";

/** What Git separates by zero bytes. */
export function list(bytes: Buffer | undefined): string[] {
  return (bytes?.toString("utf8") ?? "").split("\0").filter((path) => path !== "");
}

/** Blob ids by path, of what `ls-tree -r -z` lists: regular files, neither links nor submodules. */
export function blobsIn(listing: Buffer | undefined): ReadonlyMap<string, string> {
  return new Map(
    list(listing).flatMap((entry) => {
      const [, id, path] = /^100\d{3} blob ([0-9a-f]+)\t(.+)$/s.exec(entry) ?? [];
      return id === undefined || path === undefined ? [] : [[path, id] as const];
    }),
  );
}

/**
 * Texts of blobs by path, read by one process.
 *
 * @param ask `git cat-file --batch`, given ids by the line
 * @param which `all` where none may be missing
 * @throws {UserError} where one is
 */
export async function readBlobs(
  ask: (ids: string) => Promise<Buffer>,
  wanted: readonly (readonly [path: string, id: string])[],
  which?: "all",
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(wanted.map(([, id]) => id))];
  const answer = await ask(`${ids.join("\n")}\n`);
  const texts = new Map<string, string>();
  for (let at = 0; at < answer.length; ) {
    const end = answer.indexOf(0x0a, at);
    const [id = "", kind, size] = answer.toString("latin1", at, end).split(" ");
    at = end + 1;
    if (kind !== "blob") continue; // "missing": a partial clone without the means to fetch it
    texts.set(id, answer.toString("utf8", at, at + Number(size)));
    at += Number(size) + 1;
  }
  const [lost] = wanted.filter(([, id]) => !texts.has(id));
  if (which === "all" && lost !== undefined)
    throw new UserError(
      `Git has not the text of "${lost[0]}" (${lost[1]}); bring it here with \`git fetch\``,
    );
  return new Map(
    wanted.flatMap(([path, id]) => {
      const text = texts.get(id);
      return text === undefined ? [] : [[path, text] as const];
    }),
  );
}
