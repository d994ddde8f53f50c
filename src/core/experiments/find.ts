import { UserError } from "../../errors.ts";
import type { Experiment } from "./record.ts";

/**
 * The experiment that is meant by an id, the first digits of one, or the digits after its time; `last`
 * is the newest.
 *
 * @throws {UserError} where there is none, or several
 */
export function findExperiment(experiments: readonly Experiment[], asked: string): Experiment {
  const newest = [...experiments].sort((a, b) => (a.id < b.id ? 1 : -1));
  if (asked === "last" && newest[0] !== undefined) return newest[0];
  const found = newest.filter(
    ({ id }) => asked !== "" && (id.startsWith(asked) || id.split("-")[1]?.startsWith(asked)),
  );
  const [only] = found;
  if (only === undefined) {
    throw new UserError(
      `there is no experiment "${asked}"; \`trainyard experiments --all\` lists those that there are`,
    );
  }
  const contents = new Set(found.map(({ id }) => id.split("-")[1]));
  if (found.length > 1 && contents.size > 1 && only.id !== asked) {
    const ids = found.slice(0, 5).map(({ id }) => id);
    throw new UserError(
      `"${asked}" fits ${found.length} experiments: ${ids.join(", ")}; give more of its id`,
    );
  }
  return found.find(({ id }) => id === asked) ?? only;
}
