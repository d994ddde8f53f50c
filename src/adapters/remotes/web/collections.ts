import { spend, type WebClient } from "./client.ts";
import { refusal } from "./trouble.ts";

/** The folders of a WebDAV server, which have to be made before files. */
export interface Collections {
  /** Makes a folder and, where they are missing, those that it is in: once each. */
  make(key: string): Promise<void>;
  /** Makes them again when they are next needed: somebody took one away. */
  forget(): void;
}

/** The folders below a remote's root, and those that its root is in. */
export function collections(client: WebClient): Collections {
  let made = new Map<string, Promise<void>>();

  /** False where the folder that it is to be in is missing. */
  async function asked(url: URL): Promise<boolean> {
    const answer = await client.ask("MKCOL", url);
    await spend(answer);
    const { statusCode: status = 0, headers } = answer;
    if ((status >= 200 && status < 300) || status === 405) return true; // 405: it is there
    if (status === 409) return false;
    throw refusal(client.root, `MKCOL ${url.pathname}`, status, headers);
  }

  async function making(url: URL): Promise<void> {
    if (await asked(url)) return;
    const above = new URL("..", url);
    if (above.pathname !== url.pathname) {
      await once(above);
      if (await asked(url)) return;
    }
    throw refusal(client.root, `MKCOL ${url.pathname}`, 409);
  }

  function once(url: URL): Promise<void> {
    const known = made.get(url.href);
    if (known !== undefined) return known;
    const work = making(url);
    made.set(url.href, work);
    work.catch(() => made.delete(url.href));
    return work;
  }

  return {
    make: (key) => once(client.urlOf(key === "" ? "" : `${key}/`)),
    forget() {
      made = new Map();
    },
  };
}
