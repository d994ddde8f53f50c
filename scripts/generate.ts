// Writes the files that are made from declarations, and says which of them changed.
// `--check` writes nothing and exits with 1 where something would change.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { actionFiles } from "./generate/actions.ts";
import { contractPage } from "./generate/contract-page.ts";
import type { Generated } from "./generate/generated.ts";
import { jsonPage } from "./generate/json-page.ts";
import { metricsPage } from "./generate/metrics-page.ts";
import { nativeLock, nativeManifest } from "./generate/natives.ts";
import { contractSchema, reportSchema, waiversSchema } from "./generate/schemas.ts";
import { workflowsPage } from "./generate/workflows-page.ts";

/** Everything that is generated, in the order in which it is made. */
export const GENERATED: readonly Generated[] = [
  contractSchema,
  reportSchema,
  waiversSchema,
  contractPage,
  jsonPage,
  metricsPage,
  ...actionFiles,
  workflowsPage,
  nativeManifest,
  nativeLock,
];

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The paths of generated files whose text is not what their declaration makes now. */
export async function stale(): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const made = await Promise.all(GENERATED.map(async ({ path, make }) => ({ path, text: await make() })));
  return made.filter(({ path, text }) => text !== current(path));
}

function current(path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, path), "utf8");
  } catch {
    return undefined;
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  const changed = await stale();
  for (const { path, text } of changed) {
    if (!values.check) write(join(ROOT, path), text);
    console.log(`${values.check ? "would change" : "changed"} ${path}`);
  }
  if (changed.length === 0) console.log(`${GENERATED.length} generated files stand as they are`);
  if (values.check && changed.length > 0) {
    console.error("run `npm run generate` and commit what it changes");
    process.exitCode = 1;
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
