import type { Remote } from "../../ports/remote.ts";
import { objectFolder } from "../cache/objects.ts";

/** A remote in a folder: another disk, a network share, the place beside a test. */
export function folderRemote(folder: string): Remote {
  const { url, has, read, write, list } = objectFolder(folder);
  return { url, has, read, write, list };
}
