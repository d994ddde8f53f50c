import { join } from "node:path";
import { desiredPath, parseDesired } from "../../core/deployments/desired.ts";
import type { LogEntry } from "../../core/lineage/entry.ts";
import type { RegistryModel } from "../../core/registry/fold.ts";
import { isVersion } from "../../core/registry/grammar.ts";
import { EXIT, UserError } from "../../errors.ts";
import type { Workspace } from "../../ports/workspace.ts";

/** What a person asks about: `wages@v1.2.0`, `wages@13a67817`, `wages`. */
export interface Asked {
  readonly model: string;
  /** A version or the first digits of a digest; undefined for what production serves. */
  readonly what: string | undefined;
}

/** Bytes that were found, and by what. */
export interface Found {
  readonly md5: string | undefined;
  readonly sha256: string | undefined;
  readonly found: string;
  /** The commit whose lock names them, where something said so. */
  readonly commit: string | undefined;
  readonly notes: readonly string[];
}

/** @throws {UserError} where it is not written as it is to be */
export function parseAsked(text: string): Asked {
  const [, model, what] = /^([A-Za-z0-9][A-Za-z0-9_-]*)(?:@(.+))?$/.exec(text) ?? [];
  if (
    model === undefined ||
    (what !== undefined && !isVersion(what) && !/^[0-9a-f]{6,64}(\.dir)?$/i.test(what))
  ) {
    throw new UserError(
      `"${text}" names no model's bytes; say MODEL, MODEL@v1.2.0, or MODEL@ and six digits or more of its md5 or sha256`,
      { exit: EXIT.usage },
    );
  }
  return { model, what: what?.toLowerCase().replace(/\.dir$/, "") };
}

/** Whether two names are of the same bytes; the sha256 decides where both have one. */
export const isSame = (
  one: { readonly name: string; readonly sha256?: string },
  { md5, sha256 }: Pick<Found, "md5" | "sha256">,
): boolean => (one.sha256 !== undefined && sha256 !== undefined ? one.sha256 === sha256 : one.name === md5);

/** Finds the bytes that are asked about. @throws {UserError} where nothing names them, or several fit */
export async function find(
  workspace: Workspace,
  { model, what }: Asked,
  registry: readonly RegistryModel[],
  entries: readonly LogEntry[],
): Promise<Found> {
  const versions = registry.flatMap((one) => one.versions);
  if (what === undefined) return serving(workspace, model, entries);
  if (isVersion(what)) {
    const one = versions.find(({ version, registered }) => registered && version === what);
    if (one === undefined) {
      const all = versions.filter(({ registered }) => registered).map(({ version }) => version);
      throw new UserError(
        `no tag makes anything ${model}@${what}; ${all.length === 0 ? "this model has no version here (`git fetch --tags`)" : `there are ${all.slice(0, 10).join(", ")}`}`,
      );
    }
    const { facts, tag, commit, active } = one;
    const notes = active ? [] : [`${tag} was taken back`];
    return { md5: facts.md5, sha256: facts.sha256, found: tag, commit, notes };
  }
  const fits = (digits: string | undefined): boolean => digits?.startsWith(what) === true;
  const candidates = new Map<string, Found>();
  const add = (md5: string | undefined, sha256: string | undefined): void => {
    if (!fits(md5) && !fits(sha256)) return;
    const known = candidates.get(md5 ?? sha256 ?? "");
    const found = `asked for as ${what.slice(0, 12)}`;
    candidates.set(md5 ?? sha256 ?? "", {
      md5,
      sha256: sha256 ?? known?.sha256,
      found,
      commit: undefined,
      notes: [],
    });
  };
  for (const { after, before } of entries) for (const one of [after, before]) add(one?.name, one?.sha256);
  for (const { facts } of versions) add(facts.md5, facts.sha256);
  const [only, ...others] = candidates.values();
  if (only === undefined) {
    throw new UserError(
      `nobody vouches for "${model}@${what}": no tag and no commit of this history names such bytes`,
    );
  }
  if (others.length > 0) {
    throw new UserError(
      `"${what}" fits ${candidates.size} models: ${[...candidates.keys()].join(", ")}; give more digits`,
    );
  }
  return only;
}

/** What the last environment is to serve; where nothing is deployed, what the working tree names. */
async function serving(
  { files, root }: Workspace,
  model: string,
  entries: readonly LogEntry[],
): Promise<Found> {
  const path = desiredPath("production", model);
  const text = await files.read(join(root, path));
  if (text !== undefined) {
    const { digest, version } = parseDesired(text, path);
    const found = `serves in production${version === undefined ? "" : ` as ${version}`}`;
    return { md5: digest.md5, sha256: digest.sha256, found, commit: undefined, notes: [] };
  }
  const newest = entries[0]?.after;
  if (newest === undefined)
    throw new UserError(`nothing is deployed to production of "${model}", and no commit names its bytes`);
  return {
    md5: newest.name,
    sha256: newest.sha256,
    found: "the newest that a commit names",
    commit: undefined,
    notes: [`there is no ${path}: nothing is deployed to production from here`],
  };
}
