import { duration } from "../../config/scalars.ts";
import { EXIT, UserError } from "../../errors.ts";

/** How long a server may take, in milliseconds. @throws {UserError} exit 2, where it is no duration */
export function patienceOf(told: string): number {
  const parsed = duration.safeParse(told);
  if (parsed.success) return parsed.data;
  throw new UserError(`patience is "${told}"; it takes a duration such as 90s or 5m`, { exit: EXIT.usage });
}
