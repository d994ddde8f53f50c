import { setTimeout as sleep } from "node:timers/promises";
import type { Ports } from "../../ports/ports.ts";
import { askServed } from "../serve/ask.ts";

/** What a server said that it serves, and whether it is what was wanted. */
export interface ReadBack {
  readonly fits: boolean;
  /** `v1.2.0, sha256 0f3a…`, or why it could not be told. */
  readonly text: string;
}

/** Milliseconds between two questions: servers ask the forge every few seconds themselves. */
const [FIRST, LONGEST, GROWTH] = [250, 10_000, 1.5];

/**
 * Asks a server until it serves these bytes, or patience ends.
 *
 * @param patience in milliseconds; at 0 it is asked once
 */
export async function readBack(
  ports: Pick<Ports, "ask" | "now" | "signal">,
  url: string,
  wanted: { readonly model: string; readonly sha256: string },
  patience: number,
): Promise<ReadBack> {
  const end = ports.now().getTime() + patience;
  for (let pause = FIRST; ; pause = Math.min(GROWTH * pause, LONGEST)) {
    const { served, trouble } = await askServed(ports, url, wanted.model);
    const text =
      served === undefined
        ? trouble
        : `${served.version === undefined ? "" : `${served.version}, `}sha256 ${served.sha256}`;
    const fits = served?.sha256 === wanted.sha256;
    if (fits || ports.now().getTime() + pause > end) return { fits, text: text.slice(0, 500) };
    await sleep(pause, undefined, { signal: ports.signal });
  }
}
