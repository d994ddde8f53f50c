import type { FileEntryWithStats } from "ssh2";
import { UserError } from "../../../errors.ts";
import type { Lease } from "./channels.ts";
import { isMissing } from "./files.ts";

/** What stands directly in a folder. */
export interface Named {
  readonly name: string;
  readonly folder: boolean;
  readonly size: number;
  readonly modified: Date;
}

/** A folder of a remote of a million objects has 4,000. */
const MOST = 10_000_000;

/** Files and folders that stand directly in a folder; nothing where there is none. Links are left out. */
export async function* namesIn(lease: Lease, path: string, url: string): AsyncIterable<Named> {
  let handle: Buffer;
  try {
    handle = await lease.ask<Buffer>((sftp, done) => sftp.opendir(path, done));
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  try {
    for (let count = 0; ; ) {
      const some = await page(lease, handle);
      if (some === undefined) return;
      count += some.length;
      if (count > MOST) throw new UserError(`${url} lists without an end`);
      for (const { filename, attrs } of some) {
        if (filename === "." || filename === "..") continue;
        if (filename === "" || /[/\\\0]/.test(filename))
          throw new UserError(
            `${url} lists ${JSON.stringify(filename.slice(0, 200))}, which is no name of a file`,
          );
        const folder = attrs.isDirectory();
        if (!folder && !attrs.isFile()) continue;
        yield { name: filename, folder, size: attrs.size, modified: new Date(attrs.mtime * 1000) };
      }
    }
  } finally {
    lease.ask((sftp, done) => sftp.close(handle, done)).catch(() => {}); // nothing depends on it
  }
}

/** SFTP says the end of a listing as an error. */
const END = 1;

async function page(lease: Lease, handle: Buffer): Promise<readonly FileEntryWithStats[] | undefined> {
  try {
    return await lease.ask<FileEntryWithStats[]>((sftp, done) =>
      sftp.readdir(handle as unknown as string, done),
    );
  } catch (error) {
    if ((error as { code?: unknown }).code === END) return undefined;
    throw error;
  }
}
