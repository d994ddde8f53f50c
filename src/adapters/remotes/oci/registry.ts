import { createHash } from "node:crypto";
import type { Sha256 } from "../../../core/artifacts/digest.ts";
import type { RegistryAddress } from "../../../core/artifacts/registry-address.ts";
import { UserError } from "../../../errors.ts";
import { again } from "../retrying.ts";
import { BlobGone } from "../volumes/volume.ts";
import { type Answer, bodyOf, done, type Exchange, unreachable } from "./exchange.ts";
import { MANIFEST } from "./manifest.ts";
import type { Session } from "./session.ts";
import { tagPages } from "./tags.ts";

/** The part of the distribution specification that is needed. */
export interface Registry {
  readonly address: RegistryAddress;
  /** Every tag of the repository; none where there is no repository yet. */
  tags(): AsyncIterable<string>;
  /** A manifest by its digest, held to it; undefined where there is none. */
  manifest(digest: Sha256): Promise<Buffer | undefined>;
  /** @throws {BlobUnknown} where the registry has not, or no longer, what the manifest names */
  putManifest(tag: string, bytes: Uint8Array): Promise<void>;
  /** False where the registry does not let manifests be deleted. */
  deleteManifest(digest: Sha256): Promise<boolean>;
  hasBlob(digest: Sha256, size: number): Promise<boolean>;
  /** Sends a blob in one piece; `bytes` is asked again for each try. */
  putBlob(digest: Sha256, size: number, bytes: () => AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Bytes of a blob, from one to before another, once: whoever wants them asks again.
   *
   * @throws {BlobGone} where there is no such blob
   */
  readBlob(digest: Sha256, from: number, to: number): AsyncIterable<Uint8Array>;
}

/** A manifest was refused, since what it names is gone. */
export class BlobUnknown extends UserError {}

/** What registries take of a manifest, and nearly what we send. */
const LARGEST_MANIFEST = 4 << 20;
const LARGEST_ERROR = 1 << 16;
const MOST_REDIRECTS = 5;

export function registryOf(address: RegistryAddress, session: Session, exchange: Exchange): Registry {
  const at = (path: string): URL => new URL(`/v2/${address.name}/${path}`, address.origin);

  /** Where an upload goes on: at the same host, for it is asked with our name. */
  const uploadAt = (answer: Answer, digest: Sha256): URL => {
    const where = answer.headers.location;
    if (where === undefined || !URL.canParse(where, answer.url.href))
      throw odd(answer, "an upload without a place");
    const url = new URL(where, answer.url.href);
    // Behind a proxy some registries name themselves by http.
    if (url.host === answer.url.host) url.protocol = answer.url.protocol;
    if (url.origin !== address.origin)
      throw odd(answer, `an upload to ${url.host}, which gets no login of ours`);
    url.searchParams.set("digest", `sha256:${digest}`);
    return url;
  };

  /** Follows to where blobs lie, in nobody's name. */
  const follow = async (
    answer: Answer,
    method: "GET" | "HEAD",
    headers: Record<string, string>,
  ): Promise<Answer> => {
    let last = answer;
    for (let hops = 0; last.status >= 300 && last.status < 400 && last.status !== 304; hops++) {
      done(last);
      const where = last.headers.location;
      if (where === undefined || !URL.canParse(where, last.url.href) || hops === MOST_REDIRECTS) {
        throw odd(last, "a blob at no place that can be followed to");
      }
      const url = new URL(where, last.url.href);
      const same = url.protocol === "https:" || url.origin === address.origin;
      if (!same || url.username !== "")
        throw odd(last, `a blob at ${JSON.stringify(url.origin)}, which is not safe to ask`);
      last = await exchange.ask({ method, url, headers });
    }
    return last;
  };

  return {
    address,

    tags: () => tagPages(address, (url) => session.ask("pull", { method: "GET", url })),

    manifest: (digest) =>
      again(async () => {
        const url = at(`manifests/sha256:${digest}`);
        const answer = await session.ask("pull", { method: "GET", url, headers: { accept: MANIFEST } });
        if (answer.status === 404) return void done(answer);
        if (answer.status !== 200) throw await refused(answer);
        const bytes = await bodyOf(answer, LARGEST_MANIFEST);
        if (createHash("sha256").update(bytes).digest("hex") === digest) return bytes;
        throw odd(answer, `another manifest than sha256:${digest}`);
      }),

    async putManifest(tag, bytes) {
      await again(async () => {
        const answer = await session.ask("pull,push", {
          method: "PUT",
          url: at(`manifests/${tag}`),
          headers: { "content-type": MANIFEST },
          body: { size: bytes.length, bytes: () => once(bytes) },
        });
        if (answer.status === 201 || answer.status === 200 || answer.status === 202) return done(answer);
        throw await refused(answer);
      });
    },

    deleteManifest: (digest) =>
      again(async () => {
        const answer = await session.ask("delete", {
          method: "DELETE",
          url: at(`manifests/sha256:${digest}`),
        });
        done(answer);
        if (answer.status === 405 || answer.status === 400) return false;
        if (answer.status === 202 || answer.status === 200 || answer.status === 404) return true;
        throw odd(answer, `${answer.status} where a manifest was to be deleted`);
      }),

    hasBlob: (digest, size) =>
      again(async () => {
        const first = await session.ask("pull", { method: "HEAD", url: at(`blobs/sha256:${digest}`) });
        const answer = await follow(first, "HEAD", {});
        done(answer);
        const length = answer.headers["content-length"];
        return answer.status === 200 && (length === undefined || Number(length) === size);
      }),

    async putBlob(digest, size, bytes) {
      await again(async () => {
        const begun = await session.ask("pull,push", { method: "POST", url: at("blobs/uploads/") });
        if (begun.status !== 202) throw await refused(begun);
        done(begun);
        const answer = await session.ask("pull,push", {
          method: "PUT",
          url: uploadAt(begun, digest),
          headers: { "content-type": "application/octet-stream" },
          body: { size, bytes },
        });
        if (answer.status === 201 || answer.status === 204 || answer.status === 202) return done(answer);
        throw await refused(answer);
      });
    },

    async *readBlob(digest, from, to) {
      if (to <= from) return;
      const headers = { range: `bytes=${from}-${to - 1}` };
      const first = await session.ask("pull", { method: "GET", url: at(`blobs/sha256:${digest}`), headers });
      const answer = await follow(first, "GET", headers);
      if (answer.status === 404) {
        done(answer);
        throw new BlobGone(`${address.url} has no blob sha256:${digest}`);
      }
      if (answer.status !== 200 && answer.status !== 206) throw await refused(answer);
      const start =
        answer.status === 200 ? 0 : Number(/^bytes (\d+)-/.exec(answer.headers["content-range"] ?? "")?.[1]);
      if (answer.status === 206 && start !== from) {
        answer.body.destroy();
        throw odd(answer, `bytes from ${start} on where those from ${from} on were asked for`);
      }
      yield* cut(answer, from - start, to - from);
    },
  };

  async function refused(answer: Answer): Promise<UserError> {
    const text = (await bodyOf(answer, LARGEST_ERROR).catch(() => Buffer.alloc(0))).toString("utf8");
    const said = /"message"\s*:\s*"([^"\\]{1,200})/.exec(text)?.[1];
    if (/BLOB_UNKNOWN/.test(text))
      return new BlobUnknown(`${address.url} misses a blob that a manifest names`);
    return odd(answer, `${answer.status}${said === undefined ? "" : `, ${JSON.stringify(said)}`}`);
  }

  function odd({ url }: Answer, what: string): UserError {
    return new UserError(`${url.host} answers for ${address.name} with ${what}`);
  }
}

/** The bytes after the first `skip`, exactly so many. @throws {Unreachable} where they break off */
async function* cut(answer: Answer, skip: number, wanted: number): AsyncIterable<Uint8Array> {
  let before = skip;
  let left = wanted;
  try {
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      const part = chunk.subarray(Math.min(before, chunk.length));
      before -= chunk.length - part.length;
      const due = part.subarray(0, left);
      left -= due.length;
      if (due.length > 0) yield due;
      if (left === 0) return;
    }
  } catch (error) {
    throw unreachable(answer.url, error);
  } finally {
    if (!answer.body.readableEnded) answer.body.destroy();
  }
  throw unreachable(answer.url, new Error(`a blob ended ${left} bytes early`));
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
