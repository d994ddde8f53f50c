import { createHash } from "node:crypto";
import { UserError } from "../../../../errors.ts";
import { Unreachable } from "../../../../ports/bucket.ts";
import { drained } from "../../cloud/connection.ts";
import { foreign } from "../../cloud/partial.ts";
import { inLanes } from "../../lanes.ts";
import type { Requests } from "./requests.ts";
import { elements, textOfElement, toXml } from "./xml.ts";

/** S3 removes no more at once. */
const MOST = 1000;

/** Removes objects, a thousand with each request; one by one where a server does not know how. */
export function removing(requests: Requests, lanes: number): (keys: readonly string[]) => Promise<void> {
  let together = true;
  return async (keys) => {
    for (let at = 0; at < keys.length; at += MOST) {
      const batch = keys.slice(at, at + MOST);
      if (together && batch.length > 1) together = await removeTogether(requests, batch);
      if (!together || batch.length === 1) await inLanes(lanes, batch, (key) => removeOne(requests, key));
    }
  };
}

/** False where the server cannot. */
async function removeTogether(requests: Requests, keys: readonly string[]): Promise<boolean> {
  const objects = keys.map((key) => `<Object><Key>${toXml(key)}</Key></Object>`).join("");
  const body = Buffer.from(
    `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>${objects}</Delete>`,
  );
  const answer = await requests.ask({
    method: "POST",
    key: "",
    query: { delete: "" },
    headers: {
      "content-md5": createHash("md5").update(body).digest("base64"),
      "content-type": "application/xml",
    },
    body,
    expected: [400, 405, 501],
  });
  const xml = await requests.textOf(answer);
  if (answer.status >= 400) return false;
  if (!xml.includes("<DeleteResult")) throw foreign(requests.origin());
  for (const error of elements(xml, "Error")) {
    const code = textOfElement(error, "Code") ?? "";
    if (code === "NoSuchKey") continue;
    const said = `${requests.origin()} does not remove ${textOfElement(error, "Key")}: ${code}`;
    throw /InternalError|SlowDown|Unavailable/.test(code) ? new Unreachable(said) : new UserError(said);
  }
  return true;
}

async function removeOne(requests: Requests, key: string): Promise<void> {
  await drained(requests.origin(), await requests.ask({ method: "DELETE", key, expected: [404] }));
}
