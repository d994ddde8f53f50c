import { shellWord } from "../text/shell-word.ts";
import { STARTERS } from "./starters.ts";

/** What stands in a folder before anything is written to it. Paths are relative to it. */
export interface Surroundings {
  /** Whether a contract is here. */
  readonly contract: boolean;
  /** Whether the folder belongs to a DVC repository. */
  readonly dvc: boolean;
  /** Tables that lie here or in `data/`, or that a pointer file here or below names. */
  readonly tables: readonly string[];
}

/** How to begin: with what is there, or by asking once, with a command line for each answer. */
export type Beginning =
  | { readonly kind: "stands" }
  | { readonly kind: "draft"; readonly data: string }
  | { readonly kind: "choose"; readonly message: string };

/** Names of files that a contract can be drafted from. */
const TABLE = /\.(?:csv|tsv|jsonl|ndjson)(?:\.gz)?$|\.(?:parquet|pq)$/i;

/**
 * Whether a path is a table's, by its name.
 *
 * @example isTable("data/cps.csv.gz") // => true
 * @example isTable("requirements.txt") // => false
 */
export const isTable = (path: string): boolean => TABLE.test(path);

/**
 * What `init` does where nobody says it: the only sensible thing, or one question.
 *
 * @example beginning({ contract: false, dvc: true, tables: ["data/cps.csv"] }) // => { kind: "draft", data: "data/cps.csv" }
 * @example beginning({ contract: true, dvc: false, tables: ["data/cps.csv"] }) // => { kind: "stands" }
 * @example beginning({ contract: false, dvc: false, tables: [] }).kind // => "choose"
 */
export function beginning({ contract, dvc, tables }: Surroundings): Beginning {
  if (contract) return { kind: "stands" };
  const [only] = tables;
  if (only !== undefined && tables.length === 1) return { kind: "draft", data: only };
  if (tables.length > 1) {
    const lines = tables
      .slice(0, MOST_SHOWN)
      .map((path) => `  npx trainyard init --data ${shellWord(path)} --label COLUMN`);
    const more = tables.length > MOST_SHOWN ? [`  … and ${tables.length - MOST_SHOWN} more`] : [];
    const found = `${tables.length} tables were found; which one is the model for?`;
    return { kind: "choose", message: [found, ...lines, ...more].join("\n") };
  }
  const found = dvc
    ? "a DVC repository was found here, and no pointer in it to a table (.csv, .parquet, .jsonl)"
    : "no contract, no DVC repository and no table (.csv, .parquet, .jsonl) was found here or in data/";
  const starters = STARTERS.filter(({ drafts }) => !drafts).map(
    ({ name, about }) => `  ${`npx trainyard init --template ${name}`.padEnd(WIDTH)}  ${about}`,
  );
  const own = `  ${"npx trainyard init --data FILE --label COLUMN".padEnd(WIDTH)}  a contract for a table of yours`;
  return { kind: "choose", message: [`${found}; begin with one of`, own, ...starters].join("\n") };
}

const MOST_SHOWN = 10;
const WIDTH = 46;
