import type { IncomingMessage } from "node:http";
import { UserError } from "../../../errors.ts";
import type { Entry } from "../../../ports/bucket.ts";
import { inMemory } from "../bucket-remote.ts";
import { spend, type WebClient } from "./client.ts";
import { type Listed, multistatus } from "./multistatus.ts";
import { brokenOff, refusal } from "./trouble.ts";

/** Of 4,000 objects, as a folder of a remote of a million has, an answer has 4 MB. */
const LARGEST = 256 << 20;
/** Objects lie three folders deep; a server whose folders go on forever is left. */
const DEEPEST = 16;

const QUESTION = Buffer.from(
  '<?xml version="1.0" encoding="utf-8"?>\n<D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/><D:getcontentlength/><D:getlastmodified/></D:prop></D:propfind>\n',
);

/** What stands directly in a folder; nothing where there is no such folder. */
export async function folderListing(
  client: WebClient,
  key: string,
): Promise<readonly (Entry & { readonly folder: boolean })[]> {
  const { root } = client;
  if (key.split("/").length > DEEPEST) throw new UserError(`${root} lists folders in folders without an end`);
  const url = client.urlOf(key === "" ? "" : `${key}/`);
  const answer = await client.ask("PROPFIND", url, {
    headers: { depth: "1", "content-type": "application/xml; charset=utf-8" },
    body: inMemory(QUESTION),
  });
  const { statusCode: status = 0, headers } = answer;
  if (status !== 207) {
    await spend(answer);
    if (status === 404 || status === 410) return [];
    throw refusal(root, `PROPFIND ${url.pathname}`, status, headers);
  }
  const listed = await read(answer, root);
  const folder = decodeURIComponent(url.pathname);
  return listed.flatMap((one) => {
    const name = nameIn(folder, one, root);
    if (name === undefined) return [];
    const { folder: isFolder, size = 0, modified } = one;
    const whole = key === "" ? name : `${key}/${name}`;
    return [{ key: whole, folder: isFolder, size, ...(modified === undefined ? {} : { modified }) }];
  });
}

async function read(answer: IncomingMessage, root: string): Promise<readonly Listed[]> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer) {
      parts.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > LARGEST) throw new UserError(`${root} lists without an end`);
    }
    return multistatus(Buffer.concat(parts).toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new UserError(`${root} gives a listing that cannot be read: ${error.message}`);
    throw brokenOff(root, error);
  }
}

/** A name in a folder; undefined for the folder itself. Nothing else belongs into its listing. */
function nameIn(folder: string, { path }: Listed, root: string): string | undefined {
  if (path === folder || `${path}/` === folder) return undefined;
  const name = path.startsWith(folder) ? path.slice(folder.length).replace(/\/$/, "") : "";
  if (name === "" || name === "." || name === ".." || /[/\\\0]/.test(name))
    throw new UserError(`${root} lists ${JSON.stringify(path.slice(0, 200))} in ${folder}, where it is not`);
  return name;
}
