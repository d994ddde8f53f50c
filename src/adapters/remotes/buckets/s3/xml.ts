/**
 * The texts of every element of a name in one of S3's short, flat answers, in their order.
 *
 * @example elements("<A><Key>x &amp; y</Key><Key/></A>", "Key") // => ["x &amp; y", ""]
 */
export function elements(xml: string, name: string): string[] {
  const found: string[] = [];
  const pattern = new RegExp(`<${name}(?:\\s[^<>]*)?(?:/>|>([\\s\\S]*?)</${name}>)`, "g");
  for (const [, inner = ""] of xml.matchAll(pattern)) found.push(inner);
  return found;
}

/**
 * The text of the first element of a name, with its entities read.
 *
 * @example textOfElement("<A><Key>x &amp; y &#x4E2D;</Key></A>", "Key") // => "x & y 中"
 */
export function textOfElement(xml: string, name: string): string | undefined {
  const inner = elements(xml, name)[0];
  return inner === undefined ? undefined : fromXml(inner);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function fromXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/**
 * Text for an element of a request.
 *
 * @example toXml("a<b>&c\r") // => "a&lt;b&gt;&amp;c&#13;"
 */
export function toXml(text: string): string {
  return text.replace(/[&<>"'\p{Cc}]/gu, (character) => {
    const name = Object.keys(ENTITIES).find((one) => ENTITIES[one] === character);
    return name === undefined ? `&#${character.charCodeAt(0)};` : `&${name};`;
  });
}
