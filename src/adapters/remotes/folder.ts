import type { Remote } from "../../ports/remote.ts";
import { bucketRemote } from "./bucket-remote.ts";
import { folderBucket } from "./buckets/folder.ts";

/** A remote in a folder: another disk, a network share, the place beside a test. */
export function folderRemote(folder: string): Remote {
  return bucketRemote(folderBucket(folder));
}
