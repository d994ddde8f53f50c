import { nearest } from "../../core/text/nearest.ts";
import { wordList } from "../words.ts";
import type { Check } from "./finding.ts";

/** The rows come from a source that there is, or from a SQL file that joins them. */
export const table: Check = {
  reads: ["data.sources", "data.table"],
  *find({ data }) {
    const names = Object.keys(data.sources);
    if (names.length === 0) {
      yield { path: ["data", "sources"], message: 'no source is named; name one: "NAME: data/FILE.csv"' };
    } else if (data.table === undefined) {
      if (names.length === 1) return;
      const message = `${names.length} sources and no "table"; name one of them (${wordList(names)}) or a SQL file that joins them`;
      yield { path: ["data"], message };
    } else if (!names.includes(data.table) && !/\.sql$/i.test(data.table)) {
      const near = nearest(data.table, names);
      const guess = near === undefined ? "" : `did you mean "${near}"? `;
      const message = `unknown table "${data.table}"; ${guess}it is a source (${wordList(names)}) or a file that ends in .sql`;
      yield { path: ["data", "table"], message };
    }
  },
};

/** Sources of this version are files; others are told apart from a file that is missing. */
export const sourceKinds: Check = {
  reads: ["data.sources"],
  *find({ data }) {
    for (const [name, { path }] of Object.entries(data.sources)) {
      if (path.startsWith("/")) {
        const message = `the source "${path}" is absolute; name a file of the repository, from the contract's folder`;
        yield { path: ["data", "sources", name, "path"], message };
      }
      if (!/^[a-z][a-z0-9+.-]+:/i.test(path)) continue;
      const message = `a source such as "${path}" is not supported yet by this version; name a file or a glob`;
      yield { path: ["data", "sources", name, "path"], message };
    }
  },
};
