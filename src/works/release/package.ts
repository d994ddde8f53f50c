import { mkdir } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { Contract } from "../../config/contract.ts";
import { type Digest, md5, sha256 } from "../../core/artifacts/digest.ts";
import { desiredPath, parseDesired } from "../../core/deployments/desired.ts";
import { paramsIn } from "../../core/experiments/of-lock.ts";
import { parseRecipe } from "../../core/features/recipe.ts";
import { BUNDLE_FILE, parseBundle, RECIPE_FILE, REFERENCE_FILE } from "../../core/models/bundle.ts";
import { PACKAGE_FILE, type Package, packageText } from "../../core/models/package.ts";
import { modelCardFile } from "../../core/registry/card.ts";
import { formatTagName } from "../../core/registry/grammar.ts";
import { UserError } from "../../errors.ts";
import { readLock } from "../../pipeline/lock-file.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Workspace } from "../../ports/workspace.ts";
import { contractPaths } from "../contract-paths.ts";
import { verdictsOf } from "../ledger-records.ts";
import { openContract } from "../project.ts";
import { contractOf, dataOf, lockedModel, reportOf, verdictOn } from "../register-facts.ts";
import { bringModel } from "../vouched.ts";

/** Which model is packed, and where to. */
export interface ToPack {
  readonly contract: string | undefined;
  /** What this environment is to serve. */
  readonly environment: string | undefined;
  /** These bytes, which a verdict names. */
  readonly sha256: string | undefined;
  /** Absolute path of the folder that is made. */
  readonly out: string;
  /** Absent where nobody may read it: then the card says nothing of a verdict. */
  readonly ledger: Ledger | undefined;
}

/** A package that stands. */
export interface Packed extends Digest {
  readonly model: string;
  readonly version: string | undefined;
  readonly folder: string;
  readonly files: number;
  readonly size: number;
  /** Whether it was made just now; else it stood there already. */
  readonly made: boolean;
}

/** The name of the model card in a package: where Hugging Face looks for it. */
const CARD = "README.md";

/**
 * Writes a folder with one model, found by its digest: its own folder, a model card, and what it says of
 * itself. It is whole or not there.
 *
 * @throws {UserError} where the bytes are not to be had, are others, or something else is in the way
 */
export async function pack(ports: Ports, asked: ToPack): Promise<Packed> {
  const { contract, workspace, folder } = await oneContract(ports, asked.contract);
  const { model } = contract;
  const named = await namedBytes(workspace, folder, contract, asked);
  const { files } = workspace;
  const draft = await files.draft();
  try {
    const inner = join(draft, model);
    await bringModel(workspace, named.digest, inner);
    const card = await cardOf(ports, contract, folder, workspace, named, asked.ledger);
    await files.write(join(draft, CARD), card);
    const listed = await listOf(workspace, draft);
    const text = await saidOf(workspace, inner, model, named, listed);
    await files.write(join(draft, PACKAGE_FILE), text);
    const packed = {
      model,
      version: named.version,
      ...named.digest,
      folder: asked.out,
      files: listed.length + 1,
      size: listed.reduce((sum, { size }) => sum + size, 0),
    };
    if (await files.exists(asked.out)) {
      const there = await files.content(asked.out);
      if (there?.sha256 === (await files.content(draft))?.sha256) return { ...packed, made: false };
      throw new UserError(`"${asked.out}" holds something else; remove it, or name another folder`);
    }
    await mkdir(dirname(asked.out), { recursive: true });
    await files.replace(draft, asked.out);
    return { ...packed, made: true };
  } finally {
    await files.remove(draft);
  }
}

async function oneContract(ports: Ports, asked: string | undefined) {
  const [path = "", ...more] = await contractPaths(ports, asked);
  if (more.length === 0) return openContract(ports, path, []);
  const all = [path, ...more].map((one) => `"${relative(ports.folder, dirname(one)) || "."}"`).join(", ");
  throw new UserError(`there are several contracts, in ${all}; name one with --contract`);
}

interface Named {
  readonly digest: Digest;
  readonly version: string | undefined;
}

/** The bytes that are meant: an environment's, those that a verdict names, or the lock's. */
async function namedBytes(
  workspace: Workspace,
  folder: string,
  contract: Contract,
  { environment, sha256: wanted, ledger }: ToPack,
): Promise<Named> {
  const { model } = contract;
  if (environment !== undefined) {
    const path = desiredPath(environment, model);
    const text = await workspace.files.read(join(workspace.repo?.root ?? workspace.root, path));
    if (text === undefined) throw new UserError(`there is no ${path}: nothing is to be served there`);
    const { digest, version } = parseDesired(text, path);
    if (wanted === undefined || wanted === digest.sha256) return { digest, version };
    throw new UserError(`${path} names ${digest.sha256}, and ${wanted} is asked for`);
  }
  const locked = lockedModel(contract, await readLock(workspace, folder));
  const own = { sha256: sha256(locked?.sha256 ?? ""), md5: md5(locked?.md5 ?? "") };
  if (own.sha256 !== undefined && own.md5 !== undefined && (wanted ?? own.sha256) === own.sha256) {
    return { digest: { sha256: own.sha256, md5: own.md5 }, version: undefined };
  }
  if (wanted === undefined) {
    throw new UserError(`the lock names no model "${model}" yet; train it, or name its bytes with --sha256`);
  }
  const long = sha256(wanted);
  if (long === undefined) throw new UserError(`sha256 is "${wanted}"; it takes 64 lower-case hex digits`);
  const [verdict] = ledger === undefined ? [] : await verdictsOf(ledger, model, long);
  const short = md5(verdict?.digest.md5 ?? "");
  if (short !== undefined) return { digest: { sha256: long, md5: short }, version: undefined };
  throw new UserError(
    ledger === undefined
      ? `the lock names other bytes of "${model}"; to find ${long.slice(0, 12)} in the ledger, give a --token`
      : `no verdict in the ledger speaks of ${long.slice(0, 12)} of "${model}"`,
  );
}

/** All files of the package so far, each with what it holds. */
async function listOf({ files }: Workspace, draft: string): Promise<Package["files"]> {
  const found: Package["files"] = [];
  for (const path of await files.find(draft, ["**/*"])) {
    const content = await files.content(join(draft, path));
    if (content === undefined) throw new UserError(`"${path}" went away while it was packed`);
    found.push({ path: path.split(sep).join("/"), sha256: content.sha256, size: content.size });
  }
  return found;
}

async function saidOf(
  { files }: Workspace,
  inner: string,
  model: string,
  { digest, version }: Named,
  listed: Package["files"],
): Promise<string> {
  const read = async (name: string): Promise<string> => {
    const text = await files.read(join(inner, name));
    if (text !== undefined) return text;
    throw new UserError(`the model with sha256 ${digest.sha256.slice(0, 12)} has no ${name}`);
  };
  const bundle = parseBundle(await read(BUNDLE_FILE), model);
  if (bundle.kind === "predictions") {
    throw new UserError(
      `"${model}" is a file of predictions, which answers for no other rows; there is nothing to serve`,
    );
  }
  const recipe = parseRecipe(await read(RECIPE_FILE), `${model}/${RECIPE_FILE}`);
  const reference = (await files.exists(join(inner, REFERENCE_FILE))) ? REFERENCE_FILE : undefined;
  return packageText(model, { digest, version, bundle, recipe, reference, files: listed });
}

async function cardOf(
  ports: Ports,
  contract: Contract,
  folder: string,
  workspace: Workspace,
  { digest, version }: Named,
  ledger: Ledger | undefined,
): Promise<string> {
  const { model } = contract;
  const { repo } = workspace;
  const commit = (await repo?.head()) ?? "0".repeat(40);
  const below =
    relative(repo?.root ?? ports.folder, folder)
      .split(sep)
      .join("/") || ".";
  const record = ledger === undefined ? undefined : await verdictOn(ledger, { model, sha256: digest.sha256 });
  const lock = await readLock(workspace, folder);
  const isLocked = lockedModel(contract, lock)?.sha256 === digest.sha256;
  return modelCardFile({
    model,
    version: version ?? `sha256 ${digest.sha256.slice(0, 12)}`,
    tag: version === undefined ? commit : formatTagName({ artifact: model, action: "register", version }),
    commit,
    folder: below,
    digest,
    address: undefined,
    contract: contractOf(contract),
    data: isLocked ? dataOf(lock) : [],
    record,
    report: ledger === undefined || record === undefined ? undefined : await reportOf(ledger, record),
    params: isLocked ? paramsIn(lock) : {},
  });
}
