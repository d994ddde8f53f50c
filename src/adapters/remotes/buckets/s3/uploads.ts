import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { objectAt } from "../../../../core/artifacts/digest.ts";
import { UserError } from "../../../../errors.ts";
import { Unreachable } from "../../../../ports/bucket.ts";
import { ABANDONED, ELSEWHERE, leftIn } from "../../../files/left.ts";
import { foreign } from "../../cloud/partial.ts";
import type { Requests } from "./requests.ts";
import { bare } from "./writing.ts";
import { elements, textOfElement } from "./xml.ts";

/** What is said of a thousand parts, or of a thousand uploads. */
const LONGEST = 8 << 20;
/** Lists that are read of uploads: more of them are not looked at. */
const MOST_LISTS = 10;

/** An object that is being sent in parts. */
export interface Upload {
  readonly id: string;
  /** Parts that are there already, by number from one, with what S3 says of their bytes. */
  readonly parts: ReadonlyMap<number, Part>;
  /** When the last of them came, in milliseconds since 1970. */
  readonly last: number;
}

export interface Part {
  readonly etag: string;
  readonly size: number;
}

/** Uploads to one remote: what an interrupted one left is gone on with, by one process at a time. */
export interface Uploads {
  /** @param headers what the object is to have */
  begin(key: string, headers: Readonly<Record<string, string>>): Promise<Upload>;
  /** It is whole, or given up. */
  end(key: string): void;
  /** Whoever sends the object next may go on with it. */
  leave(key: string): void;
}

/**
 * @param prefix of the keys of this remote
 * @param folder `.dvc`: which process works on which upload is kept below it, where it is there
 * @param encryption headers that S3 wants with each request for a customer's key
 */
export function uploadsTo(
  requests: Requests,
  prefix: string,
  folder: string,
  encryption: Readonly<Record<string, string>>,
): Uploads {
  const left = existsSync(folder) ? leftIn(join(folder, "tmp", "uploads")) : undefined;
  const underWay = new Map<string, { readonly id: string; readonly note?: string }>();
  /** What this process was interrupted in, and may try again. */
  const mine = new Map<string, string>();
  let elsewhere: Promise<Map<string, string>> | undefined;

  const takeUp = async (key: string, label: string, plain: boolean): Promise<Upload | undefined> => {
    const own = mine.get(key) ?? claimed(label);
    mine.delete(key);
    if (own !== undefined) return partsOf(requests, key, own, encryption);
    if (!plain || left?.has(label) === true) return undefined; // somebody here works on it
    elsewhere ??= silent(requests, prefix);
    const found = await elsewhere;
    const id = found.get(key);
    found.delete(key);
    const upload = id === undefined ? undefined : await partsOf(requests, key, id, encryption);
    return upload !== undefined && Date.now() - upload.last > ELSEWHERE ? upload : undefined;
  };

  /** What a process of this machine left when it ended. */
  const claimed = (label: string): string | undefined => {
    const note = left?.claim(label);
    if (note === undefined) return undefined;
    const id = readFileSync(note.path, "utf8");
    rmSync(note.path);
    return id === "" ? undefined : id;
  };

  const begun = async (key: string, headers: Readonly<Record<string, string>>): Promise<Upload> => {
    const xml = await requests.text({ method: "POST", key, query: { uploads: "" }, headers });
    const id = textOfElement(xml, "UploadId");
    if (id === undefined) throw foreign(requests.origin());
    return { id, parts: new Map(), last: Date.now() };
  };

  const end = (key: string): void => {
    const { note } = underWay.get(key) ?? {};
    underWay.delete(key);
    if (note !== undefined) rmSync(note, { force: true });
  };

  return {
    async begin(key, headers) {
      const about = [requests.bucket, key, JSON.stringify(headers)].join(" ");
      const label = createHash("sha256").update(about).digest("hex").slice(0, 40);
      const plain = Object.keys(headers).length === 0; // what others began may be stored in another way
      const upload = (await takeUp(key, label, plain)) ?? (await begun(key, headers));
      end(key);
      const note = left?.begin(label);
      if (note !== undefined) writeFileSync(note, upload.id);
      underWay.set(key, { id: upload.id, ...(note === undefined ? {} : { note }) });
      return upload;
    },

    end,

    leave(key) {
      const { id } = underWay.get(key) ?? {};
      if (id !== undefined) mine.set(key, id);
    },
  };
}

/**
 * Uploads of our keys to which nobody has added for an hour, as another machine left them; those that were
 * begun more than a week ago are ended. Nothing where the bucket does not tell.
 */
async function silent(requests: Requests, prefix: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  try {
    let next: Readonly<Record<string, string>> = {};
    for (let lists = 0; lists < MOST_LISTS; lists++) {
      const query = { uploads: "", prefix, ...next };
      const xml = await requests.text({ method: "GET", key: "", query }, LONGEST);
      for (const one of elements(xml, "Upload")) {
        const key = textOfElement(one, "Key") ?? "";
        const id = textOfElement(one, "UploadId");
        const age = Date.now() - Date.parse(textOfElement(one, "Initiated") ?? "");
        if (id === undefined || !key.startsWith(prefix) || objectAt(key.slice(prefix.length)) === undefined)
          continue;
        if (age > ABANDONED)
          await requests.text({ method: "DELETE", key, query: { uploadId: id }, expected: [404] });
        else if (age > ELSEWHERE) found.set(key, id);
      }
      const marker = textOfElement(xml, "NextKeyMarker");
      if (textOfElement(xml, "IsTruncated") !== "true" || marker === undefined) break;
      next = { "key-marker": marker, "upload-id-marker": textOfElement(xml, "NextUploadIdMarker") ?? "" };
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error; // it may not be asked, or knows no such list
  }
  return found;
}

/** An upload with the parts that it has; undefined where it cannot be gone on with. */
async function partsOf(
  requests: Requests,
  key: string,
  id: string,
  encryption: Readonly<Record<string, string>>,
): Promise<Upload | undefined> {
  const parts = new Map<number, Part>();
  let last = 0;
  try {
    for (let after = "0"; ; ) {
      const query = { uploadId: id, "part-number-marker": after };
      const xml = await requests.text({ method: "GET", key, query, headers: encryption }, LONGEST);
      for (const one of elements(xml, "Part")) {
        const [number, size] = ["PartNumber", "Size"].map((name) => Number(textOfElement(one, name)));
        const etag = textOfElement(one, "ETag");
        if (number !== undefined && size !== undefined && etag !== undefined)
          parts.set(number, { etag: bare(etag), size });
        last = Math.max(last, Date.parse(textOfElement(one, "LastModified") ?? "") || 0);
      }
      const next = textOfElement(xml, "NextPartNumberMarker");
      if (textOfElement(xml, "IsTruncated") !== "true" || next === undefined || next === after) break;
      after = next;
    }
    return { id, parts, last };
  } catch (error) {
    if (!(error instanceof UserError) || isBusy(error)) throw error;
    return undefined; // it was ended, or may not be asked for
  }
}

function isBusy(error: UserError): boolean {
  return error instanceof Unreachable && !/changed by somebody else/.test(error.message);
}
