import { join, relative, sep } from "node:path";
import { pointedVersion } from "../artifacts/version.ts";
import { digestOf, digitsOf } from "../core/artifacts/digest.ts";
import { mergeDvcConfigs, parseDvcConfig } from "../core/artifacts/dvc-config.ts";
import { joinPath } from "../core/artifacts/path.ts";
import type { RulesChange } from "../core/proposal/documents.ts";
import { compareNamed, compareRules } from "../core/proposal/rules.ts";
import { dataFiles } from "../pipeline/ingredients.ts";
import type { GivenTree } from "./given-tree.ts";
import type { StageProject } from "./project.ts";
import { softly } from "./softly.ts";
import { comparedWaivers } from "./waivers.ts";

/**
 * What a change alters in the rules that its model is judged by: the contract's, the versions of the
 * data, the query that makes the rows, and the remotes.
 */
export async function rulesBetween(
  head: { readonly tree: GivenTree; readonly project: StageProject },
  base: { readonly tree: GivenTree; readonly project: StageProject },
): Promise<RulesChange[]> {
  const { parsed, contract } = head.project;
  return [
    ...compareRules(base.project.contract, contract, (path) => parsed.place(path).line ?? null),
    ...compareNamed("data", await inputsOf(base.tree, base.project), await inputsOf(head.tree, head.project)),
    ...compareNamed("remotes", await remotesOf(base.tree), await remotesOf(head.tree)),
    ...comparedWaivers(base.project.waivers, head.project.waivers),
  ];
}

const MOST = 200; // as documents.ts has it

/** As many as a judgement tells of; all of them decide. */
export function toldRules(rules: readonly RulesChange[]): RulesChange[] {
  return rules.slice(0, MOST);
}

/** Data files and the query, by their paths from the top: what their pointers say, else what they hold. */
export async function inputsOf(tree: GivenTree, project: StageProject): Promise<Map<string, string>> {
  const { contract, files, folder } = project;
  const found = new Map<string, string>();
  const below = relative(tree.top, folder).split(sep).join("/");
  const put = async (path: string): Promise<void> => {
    const whole = join(folder, path);
    const version = await pointedVersion(project, whole);
    const md5 = (version && digitsOf(version.name)) ?? (await files.content(whole))?.md5;
    if (md5 !== undefined) found.set(joinPath(below, path), `md5 ${md5}`);
  };
  for (const { path } of Object.values(contract.data.sources)) {
    for (const name of await softly(() => dataFiles(project, path), [])) await put(name);
  }
  const { table } = contract.data;
  if (table?.endsWith(".sql") === true) await put(table);
  return found;
}

/** Settings of `.dvc/config` as the commit has it; the values of keys that may be secret are not shown. */
async function remotesOf(tree: GivenTree): Promise<Map<string, string>> {
  const settings = new Map<string, string>();
  const text = await tree.committed(".dvc/config");
  if (text === undefined) return settings;
  const config = await softly(async () => mergeDvcConfigs(parseDvcConfig(text, ".dvc/config")));
  if (config === undefined) return settings.set(".dvc/config", "cannot be read");
  for (const [section, keys] of config) {
    for (const [key, { value }] of keys) {
      settings.set(
        `.dvc/config [${section}] ${key}`,
        SECRET.test(key) ? `hidden, ${digestOf(value).sha256.slice(0, 8)}` : value,
      );
    }
  }
  return settings;
}

const SECRET = /pass|secret|token|key|credential|connection/i;
