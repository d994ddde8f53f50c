import type { Ask } from "../../ports/web.ts";
import { exchange, unanswered } from "./exchange.ts";

/** Asks an address, within bounds of time and length. */
export const ask: Ask = async (url, limits) => {
  const found = await exchange({ url, headers: { accept: "application/json" }, place: url, ...limits });
  if (!found.answered) throw unanswered(url, found);
  return { status: found.status, text: found.text };
};
