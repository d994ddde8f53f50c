import { posix } from "node:path";
import { UserError } from "../../../errors.ts";
import { type Bucket, type Entry, KeyMissing } from "../../../ports/bucket.ts";
import { DRAFTS, newDraft, sweeping } from "../drafts.ts";
import { inLanes } from "../lanes.ts";
import type { OpenBucket } from "../open.ts";
import { remoteOptions } from "../options.ts";
import { type Channels, channels, type Lease } from "../sftp/channels.ts";
import { isFailure, isMissing, readFile, rename, trouble, writeFile } from "../sftp/files.ts";
import { namesIn } from "../sftp/listing.ts";
import { sshPlace, sshUrl } from "../sftp/place.ts";

const KNOWN = [
  "allow_agent",
  "ask_passphrase",
  "ask_password",
  "gss_auth",
  "keyfile",
  "max_sessions",
  "passphrase",
  "password",
  "port",
  "timeout",
  "type",
  "user",
];
/** Each is a process of the server, of which two cores keep two busy. */
const CHANNELS = 4;
/** Files under way at once: each needs several answers, one after the other. */
const LANES = 32;

/** A folder of a machine that is reached by SSH. Nothing but SFTP is asked of it. */
export const openSsh: OpenBucket = async (setting, environment, base) => {
  const options = remoteOptions(setting, KNOWN, environment, base);
  const { folder } = sshUrl(setting);
  const place = await sshPlace(setting, options, environment);
  const host = place.host.includes(":") ? `[${place.host}]` : place.host;
  const url = `ssh://${host}${place.port === 22 ? "" : `:${place.port}`}${folder}`;
  const count = Math.max(1, Math.min(CHANNELS, Math.floor(options.number("max_sessions") ?? CHANNELS)));
  return sshBucket(url, folder, channels(place, count));
};

function sshBucket(url: string, folder: string, server: Channels): Bucket {
  const pathOf = (key: string): string => posix.join(folder, key);
  let made = new Map<string, Promise<void>>();

  /** Does one thing over a channel, and says what was asked where the server refuses. */
  async function over<T>(doing: string, work: (lease: Lease) => Promise<T>): Promise<T> {
    const lease = await server.lease();
    try {
      return await work(lease);
    } catch (error) {
      throw trouble(error, url, doing);
    } finally {
      lease.end();
    }
  }

  /** Makes a folder and those that it is in, once each. */
  function make(lease: Lease, path: string): Promise<void> {
    const known = made.get(path);
    if (known !== undefined) return known;
    const mkdir = async (): Promise<void> => {
      try {
        await lease.ask((sftp, done) => sftp.mkdir(path, done));
      } catch (error) {
        if (!isFailure(error)) throw error; // it is there; where it is not, the file in it says so
      }
    };
    const making = (async () => {
      try {
        await mkdir();
      } catch (error) {
        if (!isMissing(error) || posix.dirname(path) === path) throw error;
        await make(lease, posix.dirname(path));
        await mkdir();
      }
    })();
    made.set(path, making);
    making.catch(() => made.delete(path));
    return making;
  }

  async function* read(key: string, from: number, to?: number): AsyncIterable<Uint8Array> {
    const lease = await server.lease();
    try {
      yield* readFile(lease, pathOf(key), from, to);
    } catch (error) {
      if (isMissing(error)) throw new KeyMissing(key, url);
      throw trouble(error, url, `read ${key}`);
    } finally {
      lease.end();
    }
  }

  const sweep = sweeping(
    async function* () {
      const lease = await server.lease();
      try {
        yield* namesIn(lease, pathOf(DRAFTS), url);
      } finally {
        lease.end();
      }
    },
    (keys) =>
      over("remove old drafts", async (lease) => {
        for (const key of keys) await lease.ask((sftp, done) => sftp.unlink(pathOf(key), done));
      }),
  );

  return {
    url,
    lanes: LANES,
    lists: true,

    size: (key) =>
      over(`look at ${key}`, async (lease) => {
        try {
          const stats = await lease.ask<{ size: number; isFile(): boolean }>((sftp, done) =>
            sftp.stat(pathOf(key), done),
          );
          return stats.isFile() ? stats.size : undefined;
        } catch (error) {
          if (isMissing(error)) return undefined;
          throw error;
        }
      }),

    read: (key, from = 0) => read(key, from),
    range: read,

    write: (key, bytes) =>
      over(`write ${key}`, async (lease) => {
        const written = newDraft();
        const draft = pathOf(written);
        await make(lease, pathOf(DRAFTS));
        try {
          await writeFile(lease, draft, bytes);
          await sweep(written);
          try {
            await rename(lease, draft, pathOf(key));
          } catch (error) {
            if (!isMissing(error)) throw error;
            await make(lease, posix.dirname(pathOf(key)));
            await rename(lease, draft, pathOf(key));
          }
        } catch (error) {
          made = new Map(); // somebody may have taken a folder away
          await lease.ask((sftp, done) => sftp.unlink(draft, done)).catch(() => {}); // the first error says more
          throw error;
        }
      }),

    async *list(prefix) {
      const start = prefix.slice(0, Math.max(0, prefix.lastIndexOf("/")));
      for (let level = [start]; level.length > 0; ) {
        const found: Entry[] = [];
        const below: string[] = [];
        await inLanes(LANES, level.splice(0, 64), (key) =>
          over(`list ${key}`, async (lease) => {
            for await (const one of namesIn(lease, pathOf(key), url)) {
              const whole = key === "" ? one.name : `${key}/${one.name}`;
              if (one.folder && whole !== DRAFTS && reaches(whole, prefix)) below.push(whole);
              if (!one.folder && whole.startsWith(prefix))
                found.push({ key: whole, size: one.size, modified: one.modified });
            }
          }),
        );
        yield* found;
        level = [...level, ...below];
      }
    },

    remove: (keys) =>
      inLanes(LANES, keys, (key) =>
        over(`remove ${key}`, async (lease) => {
          try {
            await lease.ask((sftp, done) => sftp.unlink(pathOf(key), done));
          } catch (error) {
            if (!isMissing(error)) throw error;
          }
        }),
      ),

    close: () => server.close(),
  };
}

/** Whether something that starts with a prefix can lie in a folder. */
function reaches(folder: string, prefix: string): boolean {
  if (folder.split("/").length > 16) throw new UserError(`folders lie in folders without an end: ${folder}`);
  return `${folder}/`.startsWith(prefix) || prefix.startsWith(`${folder}/`);
}
