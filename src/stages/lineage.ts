import { relative, resolve, sep } from "node:path";
import { lineageOf } from "../core/lineage/build.ts";
import { type Lineage, type LineageNode, partOf, withoutWork } from "../core/lineage/graph.ts";
import { showMermaid } from "../core/lineage/mermaid.ts";
import { openLineage } from "../core/lineage/openlineage.ts";
import { showTree } from "../core/lineage/tree.ts";
import { nearest } from "../core/text/nearest.ts";
import { UserError } from "../errors.ts";
import type { Workspace } from "../ports/workspace.ts";
import { lineageContext } from "../works/lineage/context.ts";
import { lineageSources } from "../works/lineage/sources.ts";
import { choice, required, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard lineage PATH|MODEL` */
export default defineStage({
  name: "lineage",
  summary:
    "Show what a data file, a model or anything between came from, and what came of it: up to where it serves.",
  inputs: {
    subject: required("A path, or a model's name", { positional: true, placeholder: "path or model" }),
    format: choice("How it is shown", ["text", "mermaid", "openlineage"], "text"),
    revision: text("As it was at this branch, tag or commit; else in the working tree", {
      placeholder: "rev",
    }),
  },
  outputs: { nodes: "How many things are part of it" },
  examples: [
    "trainyard lineage wages",
    "trainyard lineage data/cps.csv",
    "trainyard lineage wages --format mermaid",
    "trainyard lineage wages --format openlineage",
  ],

  async run({ subject, format, revision }, ports) {
    const workspace = await ports.workspace(ports.folder);
    const all = lineageOf(await lineageSources(workspace, revision));
    const id = subjectIn(all, subject, pathOf(workspace, ports.folder, subject)).id;
    const whole = partOf(all, id);
    const part = withoutWork(whole, id);
    const events =
      format === "openlineage"
        ? openLineage(whole, await lineageContext(workspace, revision, ports.now()))
        : [];
    return {
      outputs: { nodes: String(part.nodes.size) },
      text:
        format === "text"
          ? showTree(part, id, ports.screen)
          : format === "mermaid"
            ? showMermaid(part).trimEnd()
            : events.map((event) => JSON.stringify(event)).join("\n"),
      markdown: `\`\`\`mermaid\n${showMermaid(part)}\`\`\``,
      json:
        format === "openlineage"
          ? events
          : {
              schema: "trainyard/lineage/1",
              subject: id,
              nodes: [...part.nodes.values()],
              edges: part.edges,
            },
    };
  },
});

const pathOf = ({ root }: Workspace, folder: string, path: string): string =>
  relative(root, resolve(folder, path))
    .split(sep)
    .join("/")
    .replace(/\.dvc$/, "");

/** What was asked for: a path, the folder around it that has a version, or a model by its name. */
function subjectIn({ nodes }: Lineage, asked: string, path: string): LineageNode {
  for (let at = path; at !== "" && at !== "."; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
    const found = nodes.get(`path ${at}`);
    if (found !== undefined) return found;
  }
  const models = [...nodes.values()].filter(({ kind }) => kind === "model");
  const called = models.filter(({ name }) => name.slice(name.lastIndexOf("/") + 1) === asked);
  const [only, ...others] = called;
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined) {
    throw new UserError(
      `there are ${called.length} models "${asked}"; name one by its path: ${called.map(({ name }) => name).join(", ")}`,
    );
  }
  const paths = [...nodes.values()].filter(({ id }) => id.startsWith("path ")).map(({ name }) => name);
  const near = nearest(asked, [...paths, ...models.map(({ name }) => name.slice(name.lastIndexOf("/") + 1))]);
  throw new UserError(
    `no pointer file and no lock knows "${asked}"${near === undefined ? "" : `; did you mean "${near}"?`}`,
  );
}
