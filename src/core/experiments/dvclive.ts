import { parse, stringify } from "yaml";
import { UserError } from "../../errors.ts";
import type { Json } from "../artifacts/ingredient.ts";
import { flatten } from "./flatten.ts";
import type { Experiment, ParamValue } from "./record.ts";

/*
 * The files that DVCLive leaves: `metrics.json` (the last values, nested), `params.yaml`, and one table
 * for each metric, `plots/metrics/NAME.tsv`. Whoever trained wrote them; what is taken are numbers and names.
 */

/** What a run said of itself while it trained. */
export interface Live {
  readonly metrics: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly curves: Experiment["curves"];
}

/** The texts of the files, by their paths below DVCLive's folder. */
export type LiveFiles = ReadonlyMap<string, string>;

const PLOTS = "plots/metrics/";
const CURVES = 100;
const STEPS = 10_000;
const METRICS = 500;
/** Characters of a parameter, as record.ts has it. */
const TEXT = 20_000;
/** Of all curves together: a record is a file that people open. */
const POINTS = 100_000;

/** What is read of DVCLive's folder, as globs. */
export const LIVE_GLOBS = ["metrics.json", "params.yaml", `${PLOTS}**/*.tsv`] as const;

/**
 * Reads what DVCLive left. Names that are nested go with points, as `dvc exp show` has them.
 *
 * @throws {UserError} where a file is none of DVCLive's
 */
export function parseLive(files: LiveFiles): Live {
  const metrics = Object.entries(flatten(mapIn(files, "metrics.json", JSON.parse)))
    .map(([name, value]) => [name, numberOf(value)] as const)
    .filter((entry): entry is readonly [string, number] => entry[1] !== undefined)
    .slice(0, METRICS);
  const curves = [...files]
    .filter(([path]) => path.startsWith(PLOTS) && path.endsWith(".tsv"))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, CURVES)
    .map(([path, text]) => ({
      name: path.slice(PLOTS.length, -".tsv".length).replaceAll("/", ".").slice(0, 400),
      points: pointsIn(text),
    }));
  let room = POINTS;
  return {
    metrics: Object.fromEntries(metrics.map(([name, value]) => [name.slice(0, 400), value])),
    params: Object.fromEntries(
      Object.entries(flatten(mapIn(files, "params.yaml", yaml)))
        .slice(0, METRICS)
        .map(([name, value]) => [name.slice(0, 400), typeof value === "string" ? cut(value) : value]),
    ),
    curves: curves.filter(({ points }) => {
      room -= points.length;
      return points.length > 0 && room >= 0;
    }),
  };
}

const yaml = (text: string): unknown => parse(text, { maxAliasCount: 0, logLevel: "silent" });

function mapIn(files: LiveFiles, path: string, read: (text: string) => unknown): Json {
  const text = files.get(path);
  if (text === undefined || text.trim() === "") return {};
  let value: unknown;
  try {
    value = read(text);
  } catch {
    value = undefined;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw new UserError(`"${path}" is not as DVCLive writes it: it holds no map`);
}

/** As much of a text as a record holds; no half of a surrogate pair is left at the end. */
const cut = (text: string): string =>
  text.length <= TEXT ? text : `${text.slice(0, TEXT - 1).replace(/[\ud800-\udbff]$/, "")}…`;

/** DVCLive writes numbers that JSON does not have as text: "nan". */
function numberOf(value: ParamValue): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** The steps and values of a table: the column "step", and the last one. */
function pointsIn(text: string): [number, number][] {
  const [head = "", ...lines] = text.split(/\r?\n/);
  const names = head.split("\t");
  const step = names.indexOf("step");
  if (step < 0 || names.length < 2) return [];
  return lines.slice(0, STEPS).flatMap((line): [number, number][] => {
    const cells = line.split("\t");
    const [at, value] = [cells[step], cells[names.length - 1]].map((cell) =>
      cell === undefined || cell.trim() === "" ? Number.NaN : Number(cell),
    );
    return Number.isFinite(at) && Number.isFinite(value) ? [[at as number, value as number]] : [];
  });
}

/** An experiment as DVCLive would have left it: files by their paths below its folder. */
export function printLive({ metrics, params, curves }: Experiment): LiveFiles {
  const values = Object.fromEntries(
    metrics.flatMap(({ name, value }) => (value === null ? [] : [[name, value]])),
  );
  const files = new Map([
    ["metrics.json", `${JSON.stringify(values, undefined, 4)}\n`],
    ["params.yaml", stringify(params, { lineWidth: 0 })],
  ]);
  const taken = new Set<string>();
  for (const { name, points } of curves) {
    const file =
      name
        .replace(/[^\p{L}\p{N}_.-]+/gu, "_")
        .replace(/\.{2,}|^\./g, "_")
        .slice(0, 100) || "_";
    if (taken.has(file.toLowerCase())) continue; // one name on systems that do not tell letter case apart
    taken.add(file.toLowerCase());
    const lines = points.map(([step, value]) => `${step}\t${value}\n`);
    files.set(`${PLOTS}${file}.tsv`, `step\t${file}\n${lines.join("")}`);
  }
  return files;
}
