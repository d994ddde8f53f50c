import { kebab } from "../stages/inputs.ts";
import type { Stage } from "../stages/stage.ts";
import { variableOf } from "./inputs.ts";

/** Inputs that carry a secret by their names: `token`, `app-private-key`. The `key` of a table is none. */
const SECRET = /token|secret|password|-key$/;
/** Shorter values are no secrets but words such as `true`, whose hiding would empty other jobs' inputs. */
const SHORTEST = 8;

/** What no log may show: secrets among the inputs, and all that the remotes are told. */
export function secretsOf(
  stage: Stage,
  environment: Readonly<Record<string, string | undefined>>,
  remote: Readonly<Record<string, string>>,
): readonly string[] {
  const inputs = Object.keys(stage.inputs)
    .filter((name) => SECRET.test(kebab(name)))
    .map((name) => (environment[variableOf(name)] ?? "").trim());
  return [...new Set([...inputs, ...Object.values(remote)])].filter(({ length }) => length >= SHORTEST);
}
