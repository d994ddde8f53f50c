import { MOST_SERVED, parseServed, type Served } from "../../core/deployments/served.ts";
import { UserError } from "../../errors.ts";
import type { Ports } from "../../ports/ports.ts";

/** What came of asking a server what it serves. */
export type Asked =
  | { readonly served: Served; readonly trouble?: undefined }
  /** It serves nothing of this model, or nothing of ours answers there: one sentence. */
  | { readonly served?: undefined; readonly trouble: string };

/** Milliseconds in which a server must have said what it serves. */
const PATIENCE = 10_000;

/**
 * Asks a server what it serves of a model. It may be anybody's: its answer is bounded, and a redirect is
 * not followed.
 *
 * @param url where it answers, as the contract says: `https://model.example.com`
 */
export async function askServed(
  { ask }: Pick<Ports, "ask">,
  url: string,
  model: string,
  patience: number = PATIENCE,
): Promise<Asked> {
  const address = `${url.replace(/\/+$/, "")}/v1/models/${encodeURIComponent(model)}`;
  try {
    const { status, text } = await ask(address, { patience, most: MOST_SERVED });
    const served = status === 200 ? parseServed(text) : undefined;
    if (served !== undefined) return { served };
    if (status >= 300 && status < 400) {
      return { trouble: `${address} leads on to another address (${status}), which is not followed` };
    }
    return {
      trouble:
        status === 200
          ? `${address} does not say what it serves; is it \`trainyard serve\`?`
          : `${address} answers ${status}`,
    };
  } catch (error) {
    if (error instanceof UserError) return { trouble: error.message };
    throw error;
  }
}
