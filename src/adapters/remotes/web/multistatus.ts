/** One thing that a WebDAV server lists. */
export interface Listed {
  /** The path of its url, decoded; a folder's may end with `/`. */
  readonly path: string;
  readonly folder: boolean;
  readonly size?: number;
  readonly modified?: Date;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
/** An element, a comment or declaration, character data as it stands, or text; one at a time. */
const TOKEN =
  /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([^\s<>/!?][^\s<>/]*)([^<>]*)>|([^<]+)|(<)/g;
/** Deeper than any answer goes. */
const DEEPEST = 64;

/**
 * Reads the answer to a PROPFIND (RFC 4918). XML is read without what makes it dangerous: no document
 * type, no entities but the five.
 *
 * @throws {SyntaxError} where it is not such an answer
 *
 * @example multistatus('<d:multistatus xmlns:d="DAV:"><d:response><d:href>/a%20b</d:href><d:propstat><d:prop><d:getcontentlength>3</d:getcontentlength></d:prop></d:propstat></d:response></d:multistatus>') // => [{ path: "/a b", folder: false, size: 3 }]
 * @example multistatus("<!DOCTYPE x><multistatus/>") // throws "document type"
 */
export function multistatus(xml: string): readonly Listed[] {
  const listed: Listed[] = [];
  const open: string[] = [];
  let found = new Map<string, string>();
  const say = (text: string): void => {
    const inside = open.at(-1) ?? "";
    const asked =
      inside === "href" ? open.at(-2) === "response" : /^getcontentlength$|^getlastmodified$/.test(inside);
    if (asked) found.set(inside, `${found.get(inside) ?? ""}${text}`);
  };
  let ended = false;
  for (const [, data, closing, tag, rest = "", text, wrong] of xml.matchAll(TOKEN)) {
    if (wrong !== undefined) throw new SyntaxError("it has a document type or a broken element");
    if (data !== undefined) say(data);
    if (text !== undefined) say(unescaped(text));
    if (tag === undefined) continue;
    const name = tag.slice(tag.indexOf(":") + 1).toLowerCase();
    if (closing !== "/") {
      if (open.length === 0 && (ended || name !== "multistatus")) throw new SyntaxError(`it is ${name}`);
      if (open.length > DEEPEST) throw new SyntaxError("its elements go too deep");
      if (name === "response") found = new Map();
      if (name === "collection" && open.at(-1) === "resourcetype") found.set("collection", "");
      open.push(name);
    }
    if (closing === "/" || rest.endsWith("/")) {
      if (open.pop() !== name) throw new SyntaxError(`${name} ends where it did not begin`);
      if (name === "response") listed.push(listedOf(found));
      ended = open.length === 0;
    }
  }
  if (!ended) throw new SyntaxError("it breaks off");
  return listed;
}

function unescaped(text: string): string {
  return text.replace(/&([^;&]{0,12};?)/g, (whole, inner: string) => {
    const [, decimal, hex] = /^#(?:(\d{1,7})|x([0-9a-f]{1,6}));$/i.exec(inner) ?? [];
    const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? "", 16);
    const letter = code <= 0x10ffff ? String.fromCodePoint(code) : ENTITIES[inner.slice(0, -1)];
    if (letter === undefined || !inner.endsWith(";")) throw new SyntaxError(`it has the entity ${whole}`);
    return letter;
  });
}

function listedOf(found: ReadonlyMap<string, string>): Listed {
  const href = (found.get("href") ?? "").trim();
  const path = URL.canParse(href) ? href.replace(/^[a-z]+:\/\/[^/]*/i, "") : href;
  const size = found.get("getcontentlength")?.trim() ?? "";
  const modified = new Date(found.get("getlastmodified") ?? "");
  return {
    path: decoded(path),
    folder: found.has("collection"),
    ...(/^\d{1,15}$/.test(size) ? { size: Number(size) } : {}),
    ...(Number.isNaN(modified.getTime()) ? {} : { modified }),
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new SyntaxError("it has a path that is no url");
  }
}
