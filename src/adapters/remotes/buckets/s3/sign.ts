import { createHmac } from "node:crypto";
import { hexOf } from "../../../../core/artifacts/digest.ts";

/** Keys of an account, as long as they are good. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What is to be signed. */
export interface Unsigned {
  readonly method: string;
  readonly host: string;
  /** Encoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Its sha256 in hex, or `UNSIGNED-PAYLOAD`. */
  readonly payload: string;
}

/**
 * Signs a request as AWS wants it (Signature Version 4): the headers to send.
 *
 * Source: AWS General Reference, "Create a signed AWS API request". Held to the SDK's own signer by a test.
 */
export function signed(
  { method, host, path, query, headers, payload }: Unsigned,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  region: string,
  now: Date,
): Record<string, string> {
  const time = `${now.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
  const day = time.slice(0, 8);
  const sent: Record<string, string> = {
    ...headers,
    host,
    "x-amz-content-sha256": payload,
    "x-amz-date": time,
    ...(sessionToken === undefined ? {} : { "x-amz-security-token": sessionToken }),
  };
  const names = Object.keys(sent).sort();
  const signedNames = names.join(";");
  const canonical = [
    method,
    path,
    queryOf(query),
    ...names.map((name) => `${name}:${sent[name]?.trim().replace(/ +/g, " ")}`),
    "",
    signedNames,
    payload,
  ].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hexOf("sha256", canonical)}`;
  const signature = createHmac("sha256", keyOf(secretAccessKey, day, region))
    .update(toSign)
    .digest("hex");
  sent.authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signedNames}, Signature=${signature}`;
  return sent;
}

/** The key of a day: made once for thousands of requests. */
let lastKey: { readonly of: string; readonly key: Buffer } | undefined;

function keyOf(secret: string, day: string, region: string): Buffer {
  const of = `${secret} ${day} ${region}`;
  if (lastKey?.of !== of) {
    const parts = [day, region, "s3", "aws4_request"];
    const hmac = (key: string | Buffer, text: string): Buffer =>
      createHmac("sha256", key).update(text).digest();
    lastKey = { of, key: parts.reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`)) };
  }
  return lastKey.key;
}

/**
 * Text as AWS encodes it in paths and queries: all but letters, digits and `-._~`.
 *
 * @example encoded("a b+c'é") // => "a%20b%2Bc%27%C3%A9"
 */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * A query in AWS's order.
 *
 * @example queryOf({ uploads: "", partNumber: "1" }) // => "partNumber=1&uploads="
 */
export function queryOf(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join("&");
}
