import type { RemoteSetting } from "../../../core/artifacts/dvc-config.ts";
import { UserError } from "../../../errors.ts";

/**
 * The parts of a remote's url: `s3://bucket/below/here` names a bucket, and what every key of it starts with.
 *
 * @throws {UserError} where it names no bucket
 */
export function placeOf({ url }: RemoteSetting): { readonly bucket: string; readonly prefix: string } {
  const [, bucket = "", below = ""] = /^[a-z][a-z0-9+.-]*:\/\/([^/]*)(.*)$/is.exec(url.value) ?? [];
  if (!/^[a-z0-9$_][a-z0-9._$-]*$/i.test(bucket)) {
    throw new UserError(
      `"${url.value}" names no bucket; write it as ${schemeOf(url.value)}://BUCKET/FOLDER`,
      {
        at: url.at,
      },
    );
  }
  const folders = below.split("/").filter((part) => part !== "");
  return { bucket, prefix: folders.map((folder) => `${folder}/`).join("") };
}

function schemeOf(url: string): string {
  return url.slice(0, url.indexOf(":"));
}
