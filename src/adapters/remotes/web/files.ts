import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { digitsOf, isLegacy, objectAt } from "../../../core/artifacts/digest.ts";
import { UserError } from "../../../errors.ts";
import { type Bucket, KeyMissing } from "../../../ports/bucket.ts";
import { spend, type WebClient } from "./client.ts";
import { brokenOff, refusal } from "./trouble.ts";

/** An answer that does not say how long it is may be this long: 64 GiB. */
const MOST_WITHOUT_LENGTH = 2 ** 36;

/** The half of a bucket that HTTP has always had: GET and HEAD. */
export function webFiles(client: WebClient): Pick<Bucket, "size"> & Required<Pick<Bucket, "read" | "range">> {
  const { root } = client;
  let telling: Promise<void> | undefined;

  /** A server that finds everything, a login page say, would have us believe that all was pushed. */
  async function tellsApart(): Promise<void> {
    const nothing = `files/md5/00/${randomBytes(15).toString("hex")}`;
    const answer = await client.ask("HEAD", nothing);
    await spend(answer);
    if (answer.statusCode === 200)
      throw new UserError(
        `${root} finds what cannot be there, as a page to log in does; check the url and the credentials`,
      );
  }

  async function size(key: string): Promise<number | undefined> {
    let answer = await client.ask("HEAD", key);
    if (answer.statusCode === 405 || answer.statusCode === 501) {
      await spend(answer);
      answer = await client.ask("GET", key);
    }
    const { statusCode: status = 0, headers } = answer;
    const length = lengthOf(answer);
    await (status === 200 && length === undefined ? answer.destroy() : spend(answer));
    if (status === 404 || status === 410) return undefined;
    if (status !== 200) throw refusal(root, `HEAD ${key}`, status, headers);
    telling ??= tellsApart();
    await telling;
    return length ?? (await counted(read(key)));
  }

  async function* read(key: string, from = 0, to?: number): AsyncIterable<Uint8Array> {
    const isPart = from > 0 || to !== undefined;
    const headers = isPart ? { range: `bytes=${from}-${to === undefined ? "" : to - 1}` } : {};
    const answer = await client.ask("GET", key, { headers });
    const { statusCode: status = 0 } = answer;
    if (status !== 200 && !(status === 206 && isPart)) {
      await spend(answer);
      if (status === 404 || status === 410) throw new KeyMissing(key, root);
      if (status === 416 && from > 0) return; // the last byte was there already
      throw refusal(root, `GET ${key}`, status, answer.headers);
    }
    const given = status === 206 ? startOf(answer, root) : 0;
    if (given > from) throw new UserError(`${root} answers with other bytes of ${key} than were asked for`);
    const bytes = skipping(bodyOf(answer, root), from - given);
    yield* !isPart && isPage(answer) ? notPage(key, bytes, root) : bytes;
  }

  return { size, read: (key, from) => read(key, from), range: read };
}

/** The bytes of an answer. What breaks off is said; more than was announced does not come. */
async function* bodyOf(answer: IncomingMessage, root: string): AsyncIterable<Uint8Array> {
  const coding = answer.headers["content-encoding"];
  if (coding !== undefined && coding !== "identity") {
    answer.destroy();
    throw new UserError(`${root} answers in another form than was stored ("content-encoding")`);
  }
  let left = lengthOf(answer) ?? MOST_WITHOUT_LENGTH;
  try {
    for await (const chunk of answer) {
      left -= (chunk as Uint8Array).length;
      if (left < 0) throw new UserError(`${root} answers without an end`);
      yield chunk as Uint8Array;
    }
  } catch (error) {
    throw brokenOff(root, error);
  }
}

async function* skipping(bytes: AsyncIterable<Uint8Array>, count: number): AsyncIterable<Uint8Array> {
  let left = count;
  for await (const chunk of bytes) {
    const skipped = Math.min(left, chunk.length);
    left -= skipped;
    if (skipped < chunk.length) yield chunk.subarray(skipped);
  }
}

/** A web page that is an object, or an error that takes the place of its end. */
async function* notPage(
  key: string,
  bytes: AsyncIterable<Uint8Array>,
  root: string,
): AsyncIterable<Uint8Array> {
  const name = objectAt(key);
  const hash = createHash("md5");
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  if (name === undefined || isLegacy(name) || digitsOf(name).slice(0, 32) === hash.digest("hex")) return;
  throw new UserError(
    `${root} answers with a web page where ${key} should be, as a page to log in does; check the url and the credentials`,
  );
}

function isPage({ headers }: IncomingMessage): boolean {
  return /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(headers["content-type"] ?? "");
}

function lengthOf({ headers }: IncomingMessage): number | undefined {
  const length = headers["content-length"];
  return length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}

function startOf({ headers }: IncomingMessage, root: string): number {
  const start = /^bytes (\d{1,15})-/.exec(headers["content-range"] ?? "")?.[1];
  if (start === undefined) throw new UserError(`${root} gives a part of a file without saying which`);
  return Number(start);
}

async function counted(bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  for await (const chunk of bytes) size += chunk.length;
  return size;
}
