import { modelCard, modelCardFile } from "../core/registry/card.ts";
import type { RegisterModel } from "../core/registry/documents.ts";
import { foldTags, type RegistryModel, versionOfBytes } from "../core/registry/fold.ts";
import { formatTagName, parseTagName } from "../core/registry/grammar.ts";
import { manifestText } from "../core/registry/manifest.ts";
import { tagMessage } from "../core/registry/message.ts";
import { type Bump, nextVersion } from "../core/registry/version.ts";
import { UserError } from "../errors.ts";
import { type Forge, type Tag, TagTaken } from "../ports/forge.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Ports } from "../ports/ports.ts";
import { cardFacts, verdictOn } from "./register-facts.ts";

/** Where models are registered, and what vouches for them. */
export interface RegisterScene {
  readonly forge: Forge;
  readonly ledger: Ledger;
  readonly ports: Ports;
  /** Absolute path of the tree that brought the models: their contracts and locks. */
  readonly tree: string;
  readonly bump: Bump;
}

/** A model, and the commit of the default branch that brought these bytes of it. */
export interface Registrable extends RegisterModel {
  readonly commit: string;
}

/** A version that stands. */
export interface Registered {
  /** `v1.2.0` */
  readonly version: string;
  /** `wages@v1.2.0` */
  readonly tag: string;
  /** The version's commit: where tags that assign it stand, too. */
  readonly commit: string;
  /** Where its release is looked at. */
  readonly url: string;
  /** Whether it was made just now. */
  readonly created: boolean;
}

/** Two who ask at once cost each other an attempt, no more. */
const ATTEMPTS = 20;

/**
 * Gives a model's bytes a version and a release. Bytes are registered once: where a version's tag names
 * them, that version is the answer, whatever brought them back. It may be killed after any step and done
 * again, or done twice at once.
 *
 * @throws {UserError} where no verdict vouches for the bytes, or the forge refuses
 */
export async function register(scene: RegisterScene, model: Registrable): Promise<Registered> {
  const { version, tag, commit, created } = await versionFor(scene, model);
  return { version, tag, commit, created, url: await releaseOf(scene, model, { version, tag, commit }) };
}

interface Versioned {
  readonly version: string;
  readonly tag: string;
  readonly commit: string;
}

async function versionFor(
  { forge, ledger, bump }: RegisterScene,
  model: Registrable,
): Promise<Versioned & { readonly created: boolean }> {
  const name = model.model;
  const taken = new Map<string, Tag | undefined>();
  for (let attempt = 1; ; attempt++) {
    const found = await registered(forge, name, taken);
    const there = versionOfBytes(found, model.sha256);
    if (there !== undefined) {
      return { version: there.version, tag: there.tag, commit: there.commit, created: false };
    }
    const names = await forge.tags.names(`${name}@`);
    const version = nextVersion(versionsIn([...names, ...taken.keys()], name), bump);
    const record = await verdictOn(ledger, model);
    if (record === undefined) {
      throw new UserError(
        `no verdict that lets it pass is recorded on the bytes ${model.sha256} of "${name}"; judge them in a pull request first`,
      );
    }
    const tag = formatTagName({ artifact: name, action: "register", version });
    const message = tagMessage(`${name} ${version}: ${record.sentence}`, {
      sha256: model.sha256,
      md5: model.md5,
      folder: model.folder,
      verdict: record.verdict,
      pull: record.pull ?? undefined,
      metrics: new Map(
        Object.entries(record.metrics).flatMap(([metric, value]) =>
          value === null ? [] : [[metric, value]],
        ),
      ),
    });
    try {
      await forge.tags.create({ name: tag, commit: model.commit, message });
      return { version, tag, commit: model.commit, created: true };
    } catch (error) {
      if (!(error instanceof TagTaken) || attempt === ATTEMPTS) throw error;
      taken.set(tag, error.found); // somebody else was faster: look again, and take the next
    }
  }
}

/** What the tags say of a model, and those that were met since, should a list not show them yet. */
async function registered(
  forge: Forge,
  model: string,
  met: ReadonlyMap<string, Tag | undefined>,
): Promise<RegistryModel | undefined> {
  const tags = new Map((await forge.tags.list(`${model}@`)).map((tag) => [tag.name, tag]));
  for (const [name, tag] of met) if (tag !== undefined) tags.set(name, tag);
  return foldTags([...tags.values()]).get(model);
}

/** Versions that tags of any kind name, so that no name is asked for twice. */
function versionsIn(tags: readonly string[], model: string): string[] {
  return tags.flatMap((tag) => {
    const name = parseTagName(tag);
    return name?.artifact === model && "version" in name ? [name.version] : [];
  });
}

const ASSETS = ["model-card.md", "manifest.json"] as const;

/** The release of a version, which is left as it is where it is whole: forges keep some from being changed. */
async function releaseOf(scene: RegisterScene, model: Registrable, versioned: Versioned): Promise<string> {
  const { version, tag, commit } = versioned;
  const there = await scene.forge.releases.find(tag);
  const names = there?.assets.map(({ name }) => name) ?? [];
  if (there?.draft === false && ASSETS.every((name) => names.includes(name))) return there.url;
  const facts = await cardFacts(scene, model, versioned);
  const card = modelCard(facts);
  const encoder = new TextEncoder();
  const { url } = await scene.forge.releases.publish({
    tag,
    commit,
    name: `${model.model} ${version}`,
    body: card,
    prerelease: version.includes("-"),
    assets: [
      { name: ASSETS[0], bytes: encoder.encode(modelCardFile(facts)), type: "text/markdown" },
      { name: ASSETS[1], bytes: encoder.encode(manifestText(facts)), type: "application/json" },
    ],
  });
  return url;
}
