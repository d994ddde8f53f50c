import { isMap, isScalar, isSeq, type Pair, type YAMLMap } from "yaml";
import { UserError } from "../../errors.ts";
import { type Collision, choose, type Favour, type Sides } from "./merge.ts";
import { parseYamlFile } from "./yaml-file.ts";

/** A lock with the stages of both sides. */
export interface MergedStages {
  /** Stages that collide are as they are in ours. */
  readonly text: string;
  readonly collisions: readonly Collision[];
  /** The three texts with everything merged that can be, so that they differ where they collide alone. */
  readonly left: Sides<string>;
}

/** A lock cut into its stages, each as it was written. */
interface Cut {
  readonly head: string;
  readonly stages: ReadonlyMap<string, Chunk>;
  readonly tail: string;
}

interface Chunk {
  readonly text: string;
  /** What it says, however it is written. */
  readonly meaning: string;
}

/**
 * Merges `dvc.lock` or `trainyard.lock` stage by stage: a stage that one side ran anew is taken from
 * there, byte for byte. Which stages stand after that, the next run finds out.
 *
 * @param file its path, for messages
 * @param favour whose stages count where they collide; they are no collisions then
 * @throws {UserError} where a side is no lock
 */
export function mergeStages(
  { base, ours, theirs }: Sides<string>,
  file: string,
  favour?: Favour,
): MergedStages {
  const [was, here, there] = [cut(base ?? "", file), cut(ours, file), cut(theirs, file)];
  const collisions: Collision[] = [];
  const part = (name: string, b: string, o: string, t: string): string => {
    const chosen = choose(b, o, t) ?? favour;
    if (chosen === undefined && base !== undefined) collisions.push({ path: name, ours: o, theirs: t });
    return chosen === "theirs" ? t : o;
  };
  const head = part("what stands before the stages", was.head, here.head, there.head);
  const tail = part("what stands after the stages", was.tail, here.tail, there.tail);
  const merged = new Map<string, Chunk | undefined>();
  const contested = new Set<string>();
  for (const name of inOrder([...here.stages.keys()], [...there.stages.keys()])) {
    const [b, o, t] = [was.stages.get(name), here.stages.get(name), there.stages.get(name)];
    const chosen = choose(b, o, t, (x, y) => x?.meaning === y?.meaning) ?? favour;
    if (chosen === undefined) {
      contested.add(name);
      collisions.push({ path: name, ours: o?.meaning, theirs: t?.meaning });
    }
    merged.set(name, chosen === "theirs" ? t : o);
  }
  /** Everything merged, and of what is contested the one side. */
  const print = (side: Cut): string => {
    const chunks = [...merged].map(([name, chunk]) => (contested.has(name) ? side.stages.get(name) : chunk));
    const texts = chunks.flatMap((chunk) => chunk?.text ?? []);
    return `${head}${texts.length === 0 ? "stages: {}\n" : `stages:\n${texts.join("")}`}${tail}`;
  };
  return {
    text: print(here),
    collisions,
    left: { base: print(was), ours: print(here), theirs: print(there) },
  };
}

/** Ours in their order, and what only the other side has after what it follows there. */
function inOrder(ours: readonly string[], theirs: readonly string[]): readonly string[] {
  const order = [...ours];
  let after = -1;
  for (const name of theirs) {
    const at = order.indexOf(name);
    if (at >= 0) after = at;
    else order.splice(++after, 0, name);
  }
  return order;
}

function cut(text: string, file: string): Cut {
  if (text.trim() === "") return { head: "", stages: new Map(), tail: "" };
  const yaml = parseYamlFile(text, file);
  const top = yaml.document.contents;
  if (!isMap(top)) throw new UserError('is no lock: it has no "stages"', { at: { file } });
  const place = top.items.findIndex(({ key }) => nameOf(key) === "stages");
  const pair = top.items[place];
  if (pair === undefined || top.flow) throw new UserError('is no lock: it has no "stages"', { at: { file } });
  const start = lineStart(text, pair);
  const next = top.items[place + 1];
  const end = next === undefined ? text.length : lineStart(text, next);
  const stages = pair.value;
  if (stages === null || (isMap(stages) && stages.items.length === 0)) {
    return { head: text.slice(0, start), stages: new Map(), tail: text.slice(end) };
  }
  if (!isMap(stages) || stages.flow === true) {
    throw new UserError('"stages" is not a map by indentation', { at: yaml.place(stages) });
  }
  const first = text.indexOf("\n", start) + 1;
  return { head: text.slice(0, start), stages: chunksOf(text, stages, first, end), tail: text.slice(end) };
}

/** The stages from one place in a text to another; a comment belongs to the stage above it. */
function chunksOf(text: string, stages: YAMLMap, first: number, end: number): ReadonlyMap<string, Chunk> {
  const starts = stages.items.map((pair, index) => (index === 0 ? first : lineStart(text, pair)));
  return new Map(
    stages.items.map(({ key, value }, index) => {
      const chunk = text.slice(starts[index], starts[index + 1] ?? end);
      return [nameOf(key), { text: chunk.endsWith("\n") ? chunk : `${chunk}\n`, meaning: meaningOf(value) }];
    }),
  );
}

/** What a node says, without how: order of keys and quotes do not matter, `1` and `1.0` are two things. */
export function meaningOf(node: unknown): string {
  if (isSeq(node)) return `[${node.items.map(meaningOf).join(",")}]`;
  if (isMap(node)) {
    return `{${node.items
      .map(({ key, value }) => `${meaningOf(key)}:${meaningOf(value)}`)
      .sort()
      .join(",")}}`;
  }
  if (!isScalar(node)) return "null";
  return typeof node.value === "number" ? (node.source ?? String(node.value)) : JSON.stringify(node.value);
}

const nameOf = (key: unknown): string => (isScalar(key) ? String(key.value) : String(key));

/** The start of the line that a key stands on. */
function lineStart(text: string, { key }: Pair): number {
  const [offset = 0] = (key as { range?: readonly number[] | null }).range ?? [];
  return text.lastIndexOf("\n", offset - 1) + 1;
}
