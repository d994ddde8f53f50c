import { type Answer, notFound } from "../answers.ts";
import type { World } from "../world.ts";

/** What people see. */
export function answerPage(_world: World, _path: string): Answer {
  throw notFound();
}
