import type { Column, Table } from "../column.ts";

/** Rows of a row group: as many as DuckDB's own. */
export const GROUP = 122_880;

/** Rows that are gathered until they make a row group, however they come in. */
export interface Gathered {
  /** Takes rows of a batch from `from` on; returns how many. */
  take(batch: Table, from: number): number;
  readonly rows: number;
  readonly columns: readonly Column[];
  clear(): void;
}

type Text = {
  readonly kind: "text";
  readonly codes: Int32Array;
  readonly words: string[];
  readonly places: Map<string, number>;
};

/** @throws {Error} in `take`, where a batch lacks a column of the first or has it of another kind */
export function gathered(first: Table): Gathered {
  const names = [...first.columns.keys()];
  const own = [...first.columns.values()].map(({ kind }) =>
    kind === "text"
      ? ({ kind, codes: new Int32Array(GROUP), words: [], places: new Map() } satisfies Text)
      : { kind, values: new Float64Array(GROUP) },
  );
  let rows = 0;
  return {
    get rows() {
      return rows;
    },
    columns: own,
    take(batch, from) {
      const count = Math.min(GROUP - rows, batch.rows - from);
      for (const [index, name] of names.entries()) {
        const [target, source] = [own[index], batch.columns.get(name)];
        if (target === undefined || source?.kind !== target.kind)
          throw new Error(`a batch has no column "${name}" of ${target?.kind}`);
        if (target.kind === "text") {
          if (source.kind === "text")
            copyCodes(target, source.codes.subarray(from, from + count), source.words, rows);
        } else if (source.kind !== "text")
          target.values.set(source.values.subarray(from, from + count), rows);
      }
      rows += count;
      return count;
    },
    clear() {
      rows = 0;
      for (const column of own) {
        if (column.kind !== "text") continue;
        column.words.length = 0;
        column.places.clear();
      }
    },
  };
}

function copyCodes(target: Text, codes: Int32Array, words: readonly string[], offset: number): void {
  const translated = new Map<number, number>([[-1, -1]]);
  for (const [i, code] of codes.entries()) {
    let place = translated.get(code);
    if (place === undefined) {
      const word = words[code] ?? "";
      place = target.places.get(word);
      if (place === undefined) {
        place = target.words.push(word) - 1;
        target.places.set(word, place);
      }
      translated.set(code, place);
    }
    target.codes[offset + i] = place;
  }
}
