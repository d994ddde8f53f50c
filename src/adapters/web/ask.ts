import { formatBytes } from "../../core/text/bytes.ts";
import { UserError } from "../../errors.ts";
import type { Ask } from "../../ports/web.ts";

/** Asks an address, within bounds of time and length. */
export const ask: Ask = async (url, { patience, most }) => {
  const signal = AbortSignal.timeout(patience);
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal,
      headers: { accept: "application/json" },
    });
    return { status: response.status, text: await bounded(response, url, most) };
  } catch (error) {
    if (error instanceof UserError) throw error;
    const late = signal.aborted ? `within ${patience / 1000} s` : `(${reason(error)})`;
    throw new UserError(`${url} did not answer ${late}`, { cause: error });
  }
};

/** Reads no more than it may: what is beyond stays on the wire. */
async function bounded({ body }: Response, url: string, most: number): Promise<string> {
  if (body === null) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > most) throw new UserError(`${url} answered with more than ${formatBytes(most)}`); // leaving the loop cancels
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The system's word for it, which fetch keeps as the cause: ECONNREFUSED. */
function reason(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: unknown; message?: unknown }; message?: unknown };
  return String(cause?.code ?? cause?.message ?? message);
}
