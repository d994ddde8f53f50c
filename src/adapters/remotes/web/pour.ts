import type { ClientRequest } from "node:http";
import { UserError } from "../../../errors.ts";
import type { Outgoing } from "../../../ports/bucket.ts";

/**
 * Writes bytes into a request and ends it. The last piece waits until its source has said that all was
 * right: a source that breaks off, or finds at its end that its bytes are wrong, leaves a request that
 * no server takes for whole.
 */
export async function pour(body: Outgoing, request: ClientRequest): Promise<void> {
  let held: Uint8Array | undefined;
  let size = 0;
  for await (const chunk of body.bytes()) {
    if (request.destroyed) return; // the request says why
    if (chunk.length === 0) continue;
    size += chunk.length;
    if (size > body.size) break;
    if (held !== undefined && !request.write(held)) await writable(request);
    held = chunk;
  }
  if (size !== body.size)
    throw new UserError(`a file changed while it was sent: it had ${body.size} bytes, and gave ${size}`);
  request.end(held);
}

/** Waits until a request takes more, or has ended. */
function writable(request: ClientRequest): Promise<void> {
  if (request.destroyed || !request.writableNeedDrain) return Promise.resolve();
  return new Promise((resolve) => {
    const go = (): void => {
      for (const event of ["drain", "close", "response"]) request.off(event, go);
      resolve();
    };
    for (const event of ["drain", "close", "response"]) request.on(event, go);
  });
}
