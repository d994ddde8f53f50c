/** A line `::name key=value,…::message` of a step's output, unescaped. */
export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

const plain = (text: string): string =>
  text.replace(/%0D/gi, "\r").replace(/%0A/gi, "\n").replace(/%25/g, "%");

const plainProperty = (text: string): string => plain(text.replace(/%3A/gi, ":").replace(/%2C/gi, ","));

/**
 * Reads a workflow command; undefined where the line is none.
 *
 * @example readCommand("::error file=a.ts,line=3::no%0Agood") // => { name: "error", properties: { file: "a.ts", line: "3" }, message: "no\ngood" }
 */
export function readCommand(line: string): Command | undefined {
  const found = /^\s*::([^\s:]+)(?: ([^\r\n]*?))?::(.*)$/s.exec(line);
  if (found === null) return undefined;
  const [, name = "", listed = "", message = ""] = found;
  const pairs = listed.split(",").flatMap((pair) => {
    const at = pair.indexOf("=");
    return at > 0 ? [[pair.slice(0, at).trim(), plainProperty(pair.slice(at + 1))] as const] : [];
  });
  return { name: name.toLowerCase(), properties: Object.fromEntries(pairs), message: plain(message) };
}
