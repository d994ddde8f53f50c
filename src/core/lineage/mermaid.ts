import { mermaidText } from "../report/escape.ts";
import { wordsOf } from "./build.ts";
import type { Lineage, LineageNode } from "./graph.ts";

/** The shape of each kind: data as cylinders, work as boxes, what people see as rounded ones. */
const SHAPES: Readonly<Record<LineageNode["kind"], readonly [open: string, close: string]>> = {
  import: ["[/", "/]"],
  data: ["[(", ")]"],
  code: ["[", "]"],
  stage: ["[[", "]]"],
  file: ["[", "]"],
  model: ["([", "])"],
  version: [">", "]"],
  environment: ["{{", "}}"],
};

const LONGEST = 80;

/**
 * A lineage as a Mermaid flowchart, which GitHub draws in Markdown. Names and words come from anybody.
 *
 * @example showMermaid({ nodes: new Map(), edges: [] }) // => "flowchart LR\n"
 */
export function showMermaid({ nodes, edges }: Lineage): string {
  const ids = new Map([...nodes.keys()].map((id, index) => [id, `n${index}`]));
  const lines = [...nodes.values()].map((node) => {
    const [open, close] = SHAPES[node.kind];
    const words = wordsOf(node).slice(0, 3).join(", ");
    const label = [node.name, words].filter((text) => text !== "").map((text) => mermaidPath(text));
    return `  ${ids.get(node.id)}${open}"${label.join("<br>")}"${close}`;
  });
  const ways = edges.map(({ from, to }) => `  ${ids.get(from)} --> ${ids.get(to)}`);
  return ["flowchart LR", ...lines, ...ways, ""].join("\n");
}

/** `/` means nothing to Mermaid inside of quotes, and paths are hard to read without it. */
const mermaidPath = (text: string): string =>
  text
    .split("/")
    .map((part) => (part === "" ? "" : mermaidText(part, LONGEST)))
    .join("/")
    .replace(/\/{2,}/g, "/");
