import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Result } from "./result.ts";

/*
 * How every bench is asked, and what it says of itself: `--help` prints the comment at its head, its options and
 * what it needs; an option that it does not know is refused before anything is measured.
 */

/** One option of a bench, `--NAME VALUE`. */
export interface BenchOption {
  /** What stands for the value in the help: `PATH`. */
  readonly value: string;
  readonly says: string;
  /** Where it is a number, only numbers from 0 up are taken. */
  readonly default?: string | number;
}

/** What a bench takes and needs, beside what the comment at its head says. */
export interface About<
  O extends Readonly<Record<string, BenchOption>> = Readonly<Record<string, BenchOption>>,
> {
  readonly options?: O;
  /** Flags, with what they do. */
  readonly flags?: Readonly<Record<string, string>>;
  /** What may stand behind the options, as the help shows it. */
  readonly rest?: string;
  /** What must be there before it is started. */
  readonly needs?: readonly string[];
}

type Default<O extends BenchOption> = O extends { readonly default: infer D }
  ? D extends number
    ? number
    : string
  : string | undefined;

/** What was asked of a bench. */
export interface Asked<O extends Readonly<Record<string, BenchOption>>> {
  readonly values: { readonly [K in keyof O]: Default<O[K]> };
  readonly flags: ReadonlySet<string>;
  readonly rest: readonly string[];
}

/** Whether this file is what was started, and not what another one imports. */
export const isStarted = (url: string): boolean => process.argv[1] === fileURLToPath(url);

/**
 * Reads the command line; of a file that another one imports, nothing but the defaults.
 *
 * Ends the process with 0 after `--help`, and with 2 where something is not known.
 *
 * @param url of the bench: `import.meta.url`
 */
export function askedOf<const O extends Readonly<Record<string, BenchOption>>>(
  url: string,
  about: About<O> = {},
): Asked<O> {
  const file = basename(fileURLToPath(url));
  const options = Object.entries<BenchOption>(about.options ?? {});
  const refuse = (why: string): never => {
    console.error(`bench/${file}: ${why}; --help says what it takes`);
    process.exit(2);
  };
  const { values, positionals } = parsed(isStarted(url) ? process.argv.slice(2) : [], about, refuse);
  if (values.help === true) {
    console.log(helpOf(url, about));
    process.exit(0);
  }
  const read = options.map(([name, option]) => {
    const given = values[name] ?? option.default;
    if (typeof option.default !== "number") return [name, given];
    const number = String(given).trim() === "" ? Number.NaN : Number(given);
    return number >= 0 ? [name, number] : refuse(`--${name} is a number from 0 up, found "${given}"`);
  });
  return {
    values: Object.fromEntries(read),
    flags: new Set(Object.keys(about.flags ?? {}).filter((name) => values[name] === true)),
    rest: positionals,
  };
}

/** Runs a bench that was started, and prints what it found as JSON. */
export async function main(
  url: string,
  bench: () => Promise<readonly Result[]>,
  about: About = {},
): Promise<void> {
  if (!isStarted(url)) return;
  askedOf(url, about);
  console.log(JSON.stringify(await bench(), null, 2));
}

interface Parsed {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

function parsed(
  args: string[],
  { options = {}, flags = {}, rest }: About,
  refuse: (why: string) => never,
): Parsed {
  const strings = Object.keys(options).map((name) => [name, { type: "string" }] as const);
  const booleans = ["help", ...Object.keys(flags)].map((name) => [name, { type: "boolean" }] as const);
  try {
    const known = Object.fromEntries<{ type: "string" | "boolean" }>([...strings, ...booleans]);
    const { values, positionals } = parseArgs({
      args,
      options: known,
      allowPositionals: rest !== undefined,
    });
    return { values: values as Parsed["values"], positionals };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [what = ""] = error.message.split(/[.\n] ?/);
    return refuse(`${what.charAt(0).toLowerCase()}${what.slice(1)}`);
  }
}

function helpOf(url: string, { options = {}, flags = {}, rest, needs = [] }: About): string {
  const path = fileURLToPath(url);
  const lines = [
    ...Object.entries(options).map(([name, { value, says, default: otherwise }]) => [
      `--${name} ${value}`,
      otherwise === undefined ? says : `${says} (${otherwise})`,
    ]),
    ...Object.entries(flags).map(([name, says]) => [`--${name}`, says]),
    ["--help", "prints this"],
  ];
  const width = Math.max(...lines.map(([left = ""]) => left.length));
  return [
    `node --import tsx bench/${basename(path)} [options]${rest === undefined ? "" : ` ${rest}`}`,
    headOf(readFileSync(path, "utf8")),
    lines.map(([left = "", right = ""]) => `  ${left.padEnd(width)}  ${right}`).join("\n"),
    ...(needs.length === 0 ? [] : [`Needs ${needs.join("; ")}.`]),
  ].join("\n\n");
}

/** The comment at the head of a file, as text. */
function headOf(source: string): string {
  const [, text = ""] = /^\/\*\n([\s\S]*?)^ \*\/$/m.exec(source) ?? [];
  return text.replaceAll(/^ \* ?/gm, "").trim();
}
