import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import { describe, it } from "node:test";
import { globSync } from "tinyglobby";

/** What each room of `src/` may know, and what it may know the types of. */
const ROOMS: Readonly<
  Record<string, { readonly knows: readonly string[]; readonly types?: readonly string[] }>
> = {
  core: { knows: ["errors.ts"], types: ["config"] },
  ports: { knows: ["core", "errors.ts"] },
  config: { knows: ["core", "errors.ts"] },
  tables: { knows: ["core", "ports", "errors.ts"], types: ["config"] },
  artifacts: { knows: ["core", "ports", "errors.ts"] },
  pipeline: { knows: ["artifacts", "core", "ports", "errors.ts", "version.ts"], types: ["config"] },
  works: { knows: ["artifacts", "config", "core", "pipeline", "ports", "tables", "errors.ts"] },
  stages: { knows: ["artifacts", "core", "pipeline", "ports", "tables", "works", "errors.ts"] },
  adapters: { knows: ["core", "ports", "errors.ts"], types: ["config"] },
  action: { knows: ["adapters", "stages", "errors.ts", "pipeline.ts", "version.ts"], types: ["config"] },
  cli: { knows: ["adapters", "stages", "errors.ts", "pipeline.ts", "stage-loaders.ts", "version.ts"] },
};

interface Source {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

const SOURCES: readonly Source[] = globSync("src/**/*.ts")
  .sort()
  .map((path) => {
    const text = readFileSync(path, "utf8");
    return { path, text, lines: text.split("\n") };
  });

/** The room of a file: the folder below `src/`, or the file that stands in `src/` itself. */
const roomOf = (path: string): string => path.split("/")[1] ?? "";

interface Import {
  readonly room: string;
  readonly typeOnly: boolean;
}

function importsOf({ path, text }: Source): Import[] {
  const found = text.matchAll(/(?:^(?:import|export)( type)? [^;"]*?from |\bimport\()"(\.[^"]+)"/gms);
  return [...found].map(([, type, target = ""]) => ({
    room: roomOf(posix.join(dirname(path), target)),
    typeOnly: type !== undefined,
  }));
}

/** What stands directly above a line: the end of a doc comment, or not. */
const documented = (lines: readonly string[], index: number): boolean =>
  (lines[index - 1] ?? "").trimEnd().endsWith("*/");

describe("the house", () => {
  it("is read from its rooms", () => {
    assert.ok(SOURCES.length > 300, `${SOURCES.length} files`);
    assert.ok(SOURCES.flatMap(importsOf).length > 1000);
  });

  it("has dependencies in one direction", () => {
    const wrong = SOURCES.flatMap((source) => {
      const own = roomOf(source.path);
      const rules = ROOMS[own];
      if (rules === undefined) return own.endsWith(".ts") ? [] : [`${source.path}: no rule for its room`];
      return importsOf(source)
        .filter(({ room, typeOnly }) => {
          const known = room === own || rules.knows.includes(room);
          return !known && !(typeOnly && rules.types?.includes(room));
        })
        .map(({ room }) => `${source.path} knows ${room}`);
    });
    assert.deepEqual(wrong, []);
  });

  it("asks for the environment at its doors alone", () => {
    const wrong = SOURCES.filter(
      ({ path, text }) =>
        /process\.env\b/.test(text) && !["action", "adapters", "cli"].includes(roomOf(path)),
    );
    assert.deepEqual(
      wrong.map(({ path }) => path),
      [],
    );
  });

  it("keeps its pure part from clock, chance, files and waiting", () => {
    const impure =
      /\bMath\.random\(|\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|from "node:(?:fs|child_process|net|http|https|os|worker_threads)|\basync\b|\bawait\b/;
    const wrong = SOURCES.filter(({ path }) => roomOf(path) === "core").flatMap(({ path, lines }) =>
      lines.flatMap((line, i) =>
        impure.test(line) && !/^\s*(\/?\*|\/\/)/.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : [],
      ),
    );
    assert.deepEqual(wrong, []);
  });

  it("has no file of more than 300 lines", () => {
    const long = SOURCES.filter(({ lines }) => lines.length - 1 > 300).map(({ path }) => path);
    assert.deepEqual(long, []);
  });

  it("trusts no value of any type", () => {
    const any = /(?:[:<,|&(]\s*|\bas\s+)any\b(?=\s*[,;)>=|&[\]{}]|$)/;
    const wrong = SOURCES.flatMap(({ path, lines }) =>
      lines.flatMap((line, i) =>
        any.test(line) && !/^\s*(\/?\*|\/\/)/.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : [],
      ),
    );
    assert.deepEqual(wrong, []);
  });

  it("says of each function, constant and shape of core and ports what it is", () => {
    const exported = /^export (?:async )?(?:function|const|interface|class) (\w+)|^export default /;
    const wrong = SOURCES.filter(({ path }) => ["core", "ports"].includes(roomOf(path))).flatMap(
      ({ path, lines }) =>
        lines.flatMap((line, i) =>
          exported.test(line) && !documented(lines, i) ? [`${path}:${i + 1} ${line}`] : [],
        ),
    );
    assert.deepEqual(wrong, []);
  });
});
