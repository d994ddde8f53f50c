import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Answer, notFound } from "./answers.ts";
import type { Artifact } from "./artifacts.ts";
import { signature, signedBy } from "./tokens.ts";
import type { World } from "./world.ts";

/** A signed address of an artifact's bytes: to read or to write, for ten minutes. */
export function link(world: World, id: number, may: "r" | "w"): string {
  const until = world.now().getTime() + 600_000;
  const sign = signature(world, `${id} ${may} ${until}`);
  return `${world.url}/blobs/artifacts/${id}?se=${until}&sp=${may}&sig=${encodeURIComponent(sign)}`;
}

/** Block names come from outside and become file names. */
const blockFile = (artifact: Artifact, block: string): string =>
  join(`${artifact.file}.blocks`, Buffer.from(block).toString("base64url"));

async function commit(artifact: Artifact, list: string): Promise<void> {
  const blocks = [...list.matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]*)</g)].map(
    ([, name = ""]) => name,
  );
  await writeFile(artifact.file, "");
  for (const block of blocks) await appendFile(artifact.file, await readFile(blockFile(artifact, block)));
  await rm(`${artifact.file}.blocks`, { recursive: true, force: true });
}

/** What the storage behind artifacts answers: whole blobs, or blocks and then their list. */
export async function answerBlob(
  world: World,
  method: string,
  url: URL,
  headers: Readonly<Record<string, unknown>>,
  bytes: Buffer,
): Promise<Answer> {
  const [, id = ""] = /^\/blobs\/artifacts\/(\d+)$/.exec(url.pathname) ?? [];
  const until = url.searchParams.get("se") ?? "";
  const may = url.searchParams.get("sp") ?? "";
  const right = signedBy(world, `${id} ${may} ${until}`, url.searchParams.get("sig") ?? "");
  const refused = {
    status: 403,
    bytes: Buffer.from("<Error><Code>AuthenticationFailed</Code></Error>"),
    type: "application/xml",
  };
  if (!right || Number(until) < world.now().getTime() || may !== (method === "PUT" ? "w" : "r"))
    return refused;
  const artifact = [...world.repositories.values()].flatMap(
    ({ artifacts }) => artifacts.get(Number(id)) ?? [],
  )[0];
  if (!artifact) throw notFound();
  if (method === "GET" || method === "HEAD") {
    const name = artifact.type === "application/zip" ? `${artifact.name}.zip` : artifact.name;
    const star = `filename="${name.replace(/[^\w.-]/g, "_")}"; filename*=UTF-8''${encodeURIComponent(name)}`;
    return {
      status: 200,
      bytes: await readFile(artifact.file),
      type: artifact.type,
      headers: { "content-disposition": `attachment; ${star}` },
    };
  }
  await mkdir(`${artifact.file}.blocks`, { recursive: true });
  const part = url.searchParams.get("comp");
  if (part === "block") await writeFile(blockFile(artifact, url.searchParams.get("blockid") ?? ""), bytes);
  else if (part === "blocklist") await commit(artifact, bytes.toString("utf8"));
  else if (headers["x-ms-blob-type"] === "BlockBlob") await writeFile(artifact.file, bytes);
  else return { status: 400 };
  return {
    status: 201,
    headers: {
      etag: `"${id}"`,
      "last-modified": world.now().toUTCString(),
      "x-ms-request-server-encrypted": "true",
    },
  };
}
