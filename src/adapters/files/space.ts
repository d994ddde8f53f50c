import { UserError } from "../../errors.ts";

/** What the disk refused, in words; these are the user's to put right. */
const REFUSALS: Readonly<Record<string, string>> = {
  ENOSPC: "no space left; make room",
  EDQUOT: "the disk quota is used up; make room",
  EROFS: "the file system is read-only; use a folder that can be written",
  EACCES: "no permission; check who owns it",
  EISDIR: "a folder, where a file belongs; move it away",
  ENOTDIR: "a file, where a folder belongs; move it away",
  EEXIST: "a file, where a folder belongs; move it away",
};

/**
 * Runs work on the disk and says it plainly where the disk refuses.
 *
 * @param where what is written to, for the message
 */
export async function onDisk<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refused(error, where) ?? error;
  }
}

/** What to say of an error that the disk raised, or undefined where it is of another kind. */
export function refused(error: unknown, where = "the disk"): UserError | undefined {
  const { code, path, dest = path } = error as NodeJS.ErrnoException & { readonly dest?: string };
  const refusal = code === undefined || error instanceof UserError ? undefined : REFUSALS[code];
  if (refusal === undefined) return undefined;
  return new UserError(`${dest ?? where}: ${refusal}, then run the same command again`, { cause: error });
}
