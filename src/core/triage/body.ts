/*
 * An issue's body: a line by which it is found again, and our part between two marks. What people write
 * before or behind the part is theirs. None of it is ever read back as state.
 */

const BEGIN = "<!-- trainyard:begin -->";
const END = "<!-- trainyard:end -->";

/**
 * What the issue of a model in an environment is found by, together with its author.
 *
 * @example issueMarker("wages", "production") // => "<!-- trainyard:monitor wages production -->"
 */
export const issueMarker = (model: string, environment: string): string =>
  `<!-- trainyard:monitor ${model} ${environment} -->`;

/**
 * Which model and environment an issue's marker names; undefined where it has none. Only to be asked of
 * an issue whose author is ourselves.
 *
 * @example markedModel("<!-- trainyard:monitor wages production -->\ntext") // => { model: "wages", environment: "production" }
 * @example markedModel("text") // => undefined
 */
export function markedModel(
  body: string,
): { readonly model: string; readonly environment: string } | undefined {
  const [, model, environment] = /<!-- trainyard:monitor ([A-Za-z0-9_-]+) ([a-z0-9-]+) -->/.exec(body) ?? [];
  return model === undefined || environment === undefined ? undefined : { model, environment };
}

/**
 * A body with our part written anew and everything else as it was.
 *
 * @param body what stands there; empty for a new issue
 *
 * @example withPart("", "<!-- m -->", "new") // => "<!-- m -->\n<!-- trainyard:begin -->\n\nnew\n\n<!-- trainyard:end -->\n"
 * @example withPart("mine\n<!-- m -->\n<!-- trainyard:begin -->\nold\n<!-- trainyard:end -->\nyours", "<!-- m -->", "new") // => "mine\n<!-- m -->\n<!-- trainyard:begin -->\n\nnew\n\n<!-- trainyard:end -->\nyours"
 * @example withPart("<!-- m -->\nwe took it out", "<!-- m -->", "new") // => "<!-- m -->\n<!-- trainyard:begin -->\n\nnew\n\n<!-- trainyard:end -->\n\nwe took it out"
 */
export function withPart(body: string, marker: string, part: string): string {
  const block = `${BEGIN}\n\n${part.trim()}\n\n${END}`;
  const from = body.indexOf(BEGIN);
  const to = body.indexOf(END, from);
  if (from >= 0 && to > from) {
    const whole = `${body.slice(0, from)}${block}${body.slice(to + END.length)}`;
    return whole.includes(marker) ? whole : `${marker}\n${whole}`;
  }
  const rest = body.replace(marker, "").replaceAll(BEGIN, "").replaceAll(END, "").trim();
  return `${marker}\n${block}\n${rest === "" ? "" : `\n${rest}`}`;
}

/**
 * What becomes of the body of an issue that says the same as an older one: it is found no more.
 *
 * @example duplicateBody("<!-- m -->\nmine", "<!-- m -->", 3) // => "This is a duplicate of #3.\n\nmine"
 */
export function duplicateBody(body: string, marker: string, of: number): string {
  const from = body.indexOf(BEGIN);
  const to = body.indexOf(END, from);
  const without = from >= 0 && to > from ? `${body.slice(0, from)}${body.slice(to + END.length)}` : body;
  const rest = without.replaceAll(marker, "").trim();
  return `This is a duplicate of #${of}.${rest === "" ? "" : `\n\n${rest}`}`;
}
