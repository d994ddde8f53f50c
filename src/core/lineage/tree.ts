import { terminalText } from "../report/escape.ts";
import { paint } from "../report/terminal/columns.ts";
import type { TerminalStyle } from "../report/terminal.ts";
import { wordsOf } from "./build.ts";
import { type Lineage, type LineageNode, neighbours } from "./graph.ts";

/** How kinds are called in front of a name; paths speak for themselves. */
const CALLED: Readonly<Partial<Record<LineageNode["kind"], string>>> = {
  import: "import ",
  version: "version ",
  environment: "serves in ",
};

/** A lineage for a terminal: what something came from, and what came of it. What was shown is not shown again. */
export function showTree(lineage: Lineage, id: string, { colour }: Pick<TerminalStyle, "colour">): string {
  const ink = paint(colour);
  const line = (one: string): string => {
    const node = lineage.nodes.get(one);
    if (node === undefined) return "";
    const name = terminalText(`${CALLED[node.kind] ?? ""}${node.name}`);
    const words = terminalText(wordsOf(node).join(", "), 200);
    return `${node.kind === "stage" ? ink.blue(name) : name}${words === "" ? "" : `  ${ink.dim(words)}`}`;
  };
  const branches = (way: "up" | "down"): string[] => {
    const shown = new Set<string>();
    const below = (at: string, indent: string): string[] => {
      const next = neighbours(lineage, at, way);
      return next.flatMap((one, index) => {
        const isLast = index === next.length - 1;
        const again = shown.has(one) && neighbours(lineage, one, way).length > 0;
        shown.add(one);
        return [
          `${indent}${isLast ? "└─" : "├─"} ${line(one)}${again ? ink.dim("  (above)") : ""}`,
          ...(again ? [] : below(one, `${indent}${isLast ? "   " : "│  "}`)),
        ];
      });
    };
    return below(id, "");
  };
  const [up, down] = [branches("up"), branches("down")];
  return [
    ink.bold(line(id)),
    ...(up.length === 0 ? [] : ["made from", ...up]),
    ...(down.length === 0 ? [] : ["leads to", ...down]),
  ].join("\n");
}
