/*
 * The grammar of the registry's tags, which is GTO's (gto/constants.py): Git tags that say what became
 * of an artifact. What we write GTO reads, and the other way round.
 *
 *   wages@v1.2.0          a version is registered        wages@v1.2.0!        and taken back
 *   wages#production#4    a stage is assigned to it      wages#production!#5  and taken away
 *   wages@deprecated      nobody is to use it any more   models=wages@v1.0.0  in the folder models
 */

const NAME = "[a-zA-Z0-9](?:[a-zA-Z0-9/_-]*[a-zA-Z0-9])?";
const FOLDER = "[a-zA-Z0-9_./-]+";
const NUMBER = "(?:0|[1-9][0-9]*)";
const WORD = `(?:${NUMBER}|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)`;
const SEMVER = `v${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-${WORD}(?:\\.${WORD})*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?`;

const TAG = new RegExp(
  `^(?<artifact>(?:${FOLDER}=)?${NAME})(?:(?:#(?<stage>${NAME})|@(?<version>${SEMVER}))(?<cancel>!?)|@(?<word>deprecated|created))(?:#(?<counter>[0-9]+))?$`,
);
const ARTIFACT = new RegExp(`^(?:${FOLDER}:)?${NAME}$`);
const STAGE = new RegExp(`^${NAME}$`);
const VERSION = new RegExp(`^${SEMVER}$`);
/** Git keeps a name in a file's name: a longer one is none that Git could have kept. */
const LONGEST = 1000;

/** What a tag says by its name. */
export type TagName = {
  /** `wages`, or `models:wages` where it stands in a folder. */
  readonly artifact: string;
  /** Tells tags apart that say the same again; undefined where it has none. */
  readonly counter?: number;
} & (
  | { readonly action: "register" | "deregister"; readonly version: string }
  | { readonly action: "assign" | "unassign"; readonly stage: string }
  | { readonly action: "deprecate" | "create" }
);

/** What a tag can do. */
export type TagAction = TagName["action"];

/**
 * What a tag says; undefined where it is no tag of a registry.
 *
 * @example parseTagName("wages@v1.2.0") // => { artifact: "wages", action: "register", version: "v1.2.0" }
 * @example parseTagName("models=wages#production!#5") // => { artifact: "models:wages", counter: 5, action: "unassign", stage: "production" }
 * @example parseTagName("wages@deprecated") // => { artifact: "wages", action: "deprecate" }
 * @example parseTagName("v1.2.0") // => undefined
 */
export function parseTagName(tag: string): TagName | undefined {
  const found = tag.length > LONGEST ? undefined : TAG.exec(tag)?.groups;
  if (found === undefined) return undefined;
  const { artifact = "", stage, version, cancel, word, counter } = found;
  const named = {
    artifact: artifact.replace("=", ":"),
    ...(counter === undefined ? {} : { counter: Number(counter) }),
  };
  const taken = cancel === "!";
  if (version !== undefined) return { ...named, action: taken ? "deregister" : "register", version };
  if (stage !== undefined) return { ...named, action: taken ? "unassign" : "assign", stage };
  return { ...named, action: word === "created" ? "create" : "deprecate" };
}

/**
 * The tag that says so.
 *
 * @example formatTagName({ artifact: "wages", action: "assign", stage: "production", counter: 4 }) // => "wages#production#4"
 * @example formatTagName({ artifact: "models:wages", action: "deregister", version: "v1.0.0" }) // => "models=wages@v1.0.0!"
 */
export function formatTagName(name: TagName): string {
  const counter = name.counter === undefined ? "" : `#${name.counter}`;
  return `${artifactInTags(name.artifact)}${wordOf(name)}${counter}`;
}

function wordOf(name: TagName): string {
  switch (name.action) {
    case "register":
      return `@${name.version}`;
    case "deregister":
      return `@${name.version}!`;
    case "assign":
      return `#${name.stage}`;
    case "unassign":
      return `#${name.stage}!`;
    case "deprecate":
      return "@deprecated";
    case "create":
      return "@created";
  }
}

/**
 * How an artifact's tags begin; Git takes no colon in a name.
 *
 * @example artifactInTags("models:wages") // => "models=wages"
 */
export function artifactInTags(artifact: string): string {
  return artifact.replace(":", "=");
}

/**
 * Whether the registry can hold an artifact of that name.
 *
 * @example ["nn", "1", "dvclive/model", "models:wages"].every(isArtifact) // => true
 * @example ["m/", "_model", "model-", "model@1", ""].some(isArtifact) // => false
 */
export function isArtifact(name: string): boolean {
  return ARTIFACT.test(name);
}

/**
 * Whether a stage can be called so.
 *
 * @example isStage("production") // => true
 * @example isStage("-prod") // => false
 */
export function isStage(name: string): boolean {
  return STAGE.test(name);
}

/**
 * Whether a version can be called so: as Semantic Versioning 2 says, with a `v`.
 *
 * @example isVersion("v1.2.0-rc.1+linux") // => true
 * @example isVersion("1.2.0") // => false
 */
export function isVersion(name: string): boolean {
  return VERSION.test(name);
}

/**
 * The counter of the next tag of an artifact: all of its tags share one.
 *
 * @example nextCounter(["wages@v1.0.0", "wages#staging#1", "wages#production!#7", "other#staging#9"], "wages") // => 8
 * @example nextCounter([], "wages") // => 1
 */
export function nextCounter(tags: readonly string[], artifact: string): number {
  let highest = 0;
  for (const tag of tags) {
    const found = parseTagName(tag);
    if (found?.artifact !== artifact || !Number.isSafeInteger(found.counter)) continue;
    highest = Math.max(highest, found.counter ?? 0);
  }
  return highest + 1;
}
