/** A field that a query asks for, with its arguments and what it asks for within. */
export interface Field {
  readonly name: string;
  readonly alias: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly fields: readonly Field[];
}

/** One operation of a GraphQL document. */
export interface Query {
  readonly kind: "query" | "mutation";
  readonly fields: readonly Field[];
}

const TOKEN =
  /\s*(?:#[^\n]*\n\s*)*,*\s*("""[\s\S]*?"""|"(?:[^"\\]|\\.)*"|\.\.\.|[{}()[\]:!=$@]|-?\d+(?:\.\d+)?|\w+)/y;

function tokens(source: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(source); match; match = TOKEN.exec(source)) found.push(match[1] ?? "");
  return found;
}

/**
 * Reads one query or mutation: fields, aliases, arguments, variables; no fragments, no directives.
 * @throws {Error} where it is not that
 */
export function parseQuery(source: string, variables: Readonly<Record<string, unknown>>): Query {
  const all = tokens(source);
  let at = 0;
  const peek = (): string => all[at] ?? "";
  const take = (expected?: string): string => {
    const token = peek();
    if (token === "" || (expected !== undefined && token !== expected)) {
      throw new Error(`Parse error on "${token}"${expected ? `, expecting "${expected}"` : ""}`);
    }
    at += 1;
    return token;
  };
  const value = (): unknown => {
    const token = take();
    if (token === "$") return variables[take()];
    if (token === "[") {
      const items: unknown[] = [];
      while (peek() !== "]") items.push(value());
      take("]");
      return items;
    }
    if (token === "{") return pairs("}");
    if (token.startsWith('"""')) return token.slice(3, -3);
    if (token.startsWith('"')) return JSON.parse(token);
    if (token === "true" || token === "false") return token === "true";
    if (token === "null") return null;
    return /^-?\d/.test(token) ? Number(token) : token;
  };
  const pairs = (end: string): Record<string, unknown> => {
    const found: Record<string, unknown> = {};
    while (peek() !== end) {
      const name = take();
      take(":");
      found[name] = value();
    }
    take(end);
    return found;
  };
  const fields = (): Field[] => {
    const found: Field[] = [];
    take("{");
    while (peek() !== "}") {
      const first = take();
      if (first === "..." || first === "@") throw new Error("fragments and directives are not modelled here");
      const aliased = peek() === ":";
      if (aliased) take(":");
      const name = aliased ? take() : first;
      let args: Record<string, unknown> = {};
      if (peek() === "(") {
        take("(");
        args = pairs(")");
      }
      found.push({ name, alias: first, args, fields: peek() === "{" ? fields() : [] });
    }
    take("}");
    return found;
  };
  let kind: Query["kind"] = "query";
  if (peek() === "query" || peek() === "mutation") kind = take() as Query["kind"];
  while (peek() !== "{" && peek() !== "") {
    if (take() !== "(") continue;
    while (take() !== ")");
  }
  return { kind, fields: fields() };
}
