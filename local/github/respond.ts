import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "./answers.ts";

/** Sends an answer. `cut` breaks the connection in its middle. */
export async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  cut: boolean,
): Promise<void> {
  if (response.destroyed) return;
  const json = answer.bytes === undefined && answer.body !== undefined;
  const bytes = json ? Buffer.from(JSON.stringify(answer.body)) : Buffer.from(answer.bytes ?? []);
  const type = answer.type ?? (json ? "application/json; charset=utf-8" : undefined);
  response.writeHead(answer.status, {
    ...(type ? { "content-type": type } : {}),
    ...(answer.status === 204 || answer.status === 304 ? {} : { "content-length": String(bytes.length) }),
    "x-github-media-type": "github.v3; format=json",
    "x-github-request-id": "0000:000000:0000000",
    ...answer.headers,
  });
  if (cut) {
    await new Promise<void>((resolve) => {
      response.write(bytes.subarray(0, Math.max(1, Math.floor(bytes.length / 2))), () => resolve());
    });
    response.destroy();
    return;
  }
  await new Promise<void>((resolve) => {
    response.once("finish", resolve);
    response.once("close", resolve);
    response.end(request.method === "HEAD" ? undefined : bytes);
  });
}
