import { parseTagName, type TagAction } from "./grammar.ts";
import { readMessage, type TagFacts } from "./message.ts";
import { compareVersions } from "./version.ts";

/*
 * The registry is a fold over annotated tags: no file, no server. As in GTO, which reads the same tags,
 * events are ordered by the tagger's time; an assignment is one of the version that stands at its
 * commit, whichever of the two tags came first; the version of a stage is the one last assigned to it.
 * Where several tags have one second, their counters say which came first.
 */

/** An annotated tag, as Git or the forge has it. */
export interface AnnotatedTag {
  readonly name: string;
  readonly commit: string;
  readonly message: string;
  readonly tagger: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Something that a tag says has happened. */
export interface RegistryEvent {
  readonly action: TagAction;
  readonly model: string;
  /** Undefined where it is the model as a whole that something happened to. */
  readonly version: string | undefined;
  readonly stage: string | undefined;
  readonly commit: string;
  readonly by: string;
  readonly at: string;
  readonly tag: string;
  readonly message: string;
}

/** A version of a model. */
export interface RegistryVersion {
  /** `v1.2.0`; the commit's id where a stage was assigned to a commit that no version stands at. */
  readonly version: string;
  readonly commit: string;
  /** Whether a tag made it a version. */
  readonly registered: boolean;
  /** Whether no tag took it back since. */
  readonly active: boolean;
  /** Who made it a version, and when. */
  readonly by: string;
  readonly at: string;
  readonly tag: string;
  readonly facts: TagFacts;
  /** Stages that have it now. */
  readonly stages: readonly string[];
}

/** A stage, and the version that it has now. */
export interface RegistryStage {
  readonly stage: string;
  readonly version: string;
  readonly commit: string;
  readonly by: string;
  readonly at: string;
  readonly tag: string;
}

/** All that the tags say of one model. */
export interface RegistryModel {
  /** `wages`, or `models:wages`. */
  readonly model: string;
  readonly deprecated: boolean;
  /** The highest version that is registered. */
  readonly latest: string | undefined;
  /** The highest first; commits without a version last. */
  readonly versions: readonly RegistryVersion[];
  /** By name. */
  readonly stages: readonly RegistryStage[];
  /** The oldest first. */
  readonly events: readonly RegistryEvent[];
}

/** What all tags say, by model. Tags of no registry, and such that GTO gives no meaning, say nothing. */
export function foldTags(tags: readonly AnnotatedTag[]): ReadonlyMap<string, RegistryModel> {
  const named = new Map<string, Found[]>();
  for (const tag of tags) {
    const name = parseTagName(tag.name);
    if (name === undefined || name.action === "create") continue;
    const found: Found = {
      tag,
      action: name.action,
      version: "version" in name ? name.version : undefined,
      stage: "stage" in name ? name.stage : undefined,
      time: Date.parse(tag.at) || 0,
      counter: name.counter ?? 0,
    };
    named.set(name.artifact, [...(named.get(name.artifact) ?? []), found]);
  }
  const models = [...named].map(([model, found]) => [model, modelOf(model, found.sort(inTime))] as const);
  return new Map(models.sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Found {
  readonly tag: AnnotatedTag;
  readonly action: TagAction;
  readonly version: string | undefined;
  readonly stage: string | undefined;
  readonly time: number;
  readonly counter: number;
}

/** GTO's order of events that have the same time. */
const RANK: Readonly<Record<TagAction, number>> = {
  create: 1,
  deprecate: 2,
  register: 3,
  deregister: 4,
  assign: 5,
  unassign: 6,
};

function inTime(a: Found, b: Found): number {
  const order = a.time - b.time || a.counter - b.counter || RANK[a.action] - RANK[b.action];
  return order || (a.tag.name < b.tag.name ? -1 : 1);
}

/** A version while it is put together. */
interface Building {
  readonly version: string;
  readonly commit: string;
  registration: AnnotatedTag | undefined;
  active: boolean;
  /** By stage, the newest assignment that was not taken away. */
  readonly assigned: Map<string, { readonly tag: AnnotatedTag; readonly order: number }>;
  first: AnnotatedTag;
}

function modelOf(model: string, found: readonly Found[]): RegistryModel {
  const versions = new Map<string, Building>();
  const building = (version: string, tag: AnnotatedTag): Building => {
    const key = `${version} ${tag.commit}`;
    const known = versions.get(key);
    if (known !== undefined) return known;
    const made: Building = {
      version,
      commit: tag.commit,
      registration: undefined,
      active: true,
      assigned: new Map(),
      first: tag,
    };
    versions.set(key, made);
    return made;
  };

  for (const { tag, action, version } of found) {
    if (version === undefined) continue;
    const one = building(version, tag);
    one.active = action === "register";
    if (one.active) one.registration = tag;
  }
  const direct = [...versions.values()];
  const events = found.map(({ tag, action, version, stage }, order): RegistryEvent => {
    const of = stage === undefined ? undefined : assignedTo(direct, tag, building);
    if (of !== undefined && stage !== undefined) {
      if (action === "assign") of.assigned.set(stage, { tag, order });
      else of.assigned.delete(stage);
    }
    const { commit, tagger: by, at, name, message } = tag;
    return { action, model, version: version ?? of?.version, stage, commit, by, at, tag: name, message };
  });

  const all = [...versions.values()];
  const stages = stagesOf(all);
  const shown = all.map((one) => versionOf(one, stages)).sort(highestFirst);
  return {
    model,
    deprecated: found.at(-1)?.action === "deprecate",
    latest: shown.find(({ registered, active }) => registered && active)?.version,
    versions: shown,
    stages,
    events,
  };
}

/** The version that a stage is assigned to: that at the commit, or the commit itself. */
function assignedTo(
  direct: readonly Building[],
  tag: AnnotatedTag,
  building: (version: string, tag: AnnotatedTag) => Building,
): Building {
  const there = direct.filter(({ commit }) => commit === tag.commit);
  if (there.length < 2) return there[0] ?? building(tag.commit, tag);
  const { version } = readMessage(tag.message); // GTO reads no repository with two versions at a commit
  return there.find((one) => one.version === version) ?? there.at(-1) ?? building(tag.commit, tag);
}

function stagesOf(versions: readonly Building[]): RegistryStage[] {
  const newest = new Map<string, RegistryStage & { readonly order: number }>();
  for (const { version, commit, active, assigned } of versions) {
    if (!active) continue;
    for (const [stage, { tag, order }] of assigned) {
      if ((newest.get(stage)?.order ?? -1) > order) continue;
      newest.set(stage, { stage, version, commit, by: tag.tagger, at: tag.at, tag: tag.name, order });
    }
  }
  return [...newest.values()]
    .map(({ order: _, ...stage }) => stage)
    .sort((a, b) => (a.stage < b.stage ? -1 : 1));
}

function versionOf(one: Building, stages: readonly RegistryStage[]): RegistryVersion {
  const { version, commit, registration, active, first } = one;
  const by = registration ?? first;
  return {
    version,
    commit,
    registered: registration !== undefined,
    active,
    by: by.tagger,
    at: by.at,
    tag: by.name,
    facts: readMessage(registration?.message ?? ""),
    stages: stages
      .filter((stage) => stage.version === version && stage.commit === commit)
      .map(({ stage }) => stage),
  };
}

const IS_VERSION = /^v/;

function highestFirst(a: RegistryVersion, b: RegistryVersion): number {
  const [one, other] = [IS_VERSION.test(a.version), IS_VERSION.test(b.version)];
  if (one !== other) return one ? -1 : 1;
  const order = one ? compareVersions(b.version, a.version) : 0;
  return order || (a.at < b.at ? 1 : -1);
}

/**
 * The version whose tag names these bytes, the first of them where several do: bytes are registered
 * once, and what a revert brings back is found here.
 */
export function versionOfBytes(
  model: RegistryModel | undefined,
  sha256: string,
): RegistryVersion | undefined {
  const found = (model?.versions ?? []).filter((one) => one.registered && one.facts.sha256 === sha256);
  return found.sort((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : compareVersions(a.version, b.version),
  )[0];
}
