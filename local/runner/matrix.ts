import { isMapping, type Mapping, type Value } from "./value.ts";

const same = (a: Value | undefined, b: Value | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

const list = (value: Value | undefined): readonly Mapping[] =>
  Array.isArray(value) ? (value as readonly Value[]).filter(isMapping) : [];

const fits = (combination: Mapping, part: Mapping): boolean =>
  Object.entries(part).every(([key, value]) => same(combination[key], value));

/** Every combination of the lists, the last one turning fastest. */
function product(axes: readonly (readonly [string, readonly Value[]])[]): readonly Mapping[] {
  return axes.reduce<readonly Mapping[]>(
    (done, [key, values]) => done.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  );
}

const MOST = 256; // https://docs.github.com/actions/reference/limits

/**
 * The combinations of a job's matrix: the product of its lists, less `exclude`, more `include`, whose
 * entries widen the combinations that they contradict nowhere, and stand alone where there are none.
 *
 * @example combinations({ a: [1, 2], include: [{ a: 2, b: 3 }] }) // => [{ a: 1 }, { a: 2, b: 3 }]
 */
export function combinations(matrix: Mapping): readonly Mapping[] {
  const { include, exclude, ...axes } = matrix;
  const entries = Object.entries(axes).map(([key, values]) => {
    if (!Array.isArray(values)) throw new Error(`matrix "${key}" is not a list`);
    return [key, values as readonly Value[]] as const;
  });
  const left = list(exclude);
  const base =
    entries.length === 0 ? [] : product(entries).filter((one) => !left.some((part) => fits(one, part)));
  const widened: Mapping[] = [...base];
  const alone: Mapping[] = [];
  for (const part of list(include)) {
    const own = Object.fromEntries(Object.entries(part).filter(([key]) => axes[key] !== undefined));
    const places = base.flatMap((one, i) => (fits(one, own) ? [i] : []));
    for (const i of places) widened[i] = { ...widened[i], ...part };
    if (places.length === 0) alone.push(part);
  }
  const all = [...widened, ...alone];
  if (all.length === 0) throw new Error("the matrix has no combination");
  if (all.length > MOST) throw new Error(`the matrix has ${all.length} combinations; ${MOST} are the most`);
  return all;
}
