import { formatTagName, nextCounter, parseTagName } from "../core/registry/grammar.ts";
import { readMessage, tagMessage } from "../core/registry/message.ts";
import { type Forge, TagTaken } from "../ports/forge.ts";

/** That an environment has a version from now on. */
export interface Assignment {
  readonly model: string;
  readonly environment: string;
  /** `v1.2.0` */
  readonly version: string;
  /** The version's own commit: GTO finds the version by it. */
  readonly commit: string;
  readonly sha256: string;
  readonly md5: string;
  /** The forge's deployment that brought it there: asked twice for one, there is one tag. */
  readonly deployment: number;
}

/** Ten deployments of one model that end in one second would take more. */
const ATTEMPTS = 20;

/**
 * Writes down that an environment has a version: the tag `wages#production#4`. A deployment is written
 * down once, however often this is asked, and whoever else asks meanwhile.
 */
export async function assign(
  forge: Forge,
  assignment: Assignment,
): Promise<{ readonly tag: string; readonly created: boolean }> {
  const { model, environment, version, commit, sha256, md5, deployment } = assignment;
  const message = tagMessage(`${model} ${version} serves in ${environment}`, {
    sha256,
    md5,
    version,
    deployment,
  });
  const taken: string[] = [];
  for (let attempt = 1; ; attempt++) {
    const names = [...(await forge.tags.names(model)), ...taken];
    const there = await newestOf(forge, names, assignment);
    if (there !== undefined) return { tag: there, created: false };
    const counter = nextCounter(names, model);
    const tag = formatTagName({ artifact: model, action: "assign", stage: environment, counter });
    try {
      await forge.tags.create({ name: tag, commit, message });
      return { tag, created: true };
    } catch (error) {
      if (!(error instanceof TagTaken) || attempt === ATTEMPTS) throw error;
      const found = readMessage(error.found?.message ?? "");
      if (error.found?.commit === commit && found.deployment === deployment) {
        return { tag, created: false };
      }
      taken.push(tag);
    }
  }
}

/** The environment's newest assignment, where it is that of this deployment. */
async function newestOf(
  forge: Forge,
  names: readonly string[],
  { model, environment, commit, deployment }: Assignment,
): Promise<string | undefined> {
  const assigned = names
    .map((tag) => ({ tag, name: parseTagName(tag) }))
    .filter(({ name }) => name?.artifact === model && "stage" in name && name.stage === environment)
    .sort((a, b) => (b.name?.counter ?? 0) - (a.name?.counter ?? 0));
  const [newest] = assigned;
  if (newest === undefined) return undefined;
  const found = (await forge.tags.list(newest.tag)).find(({ name }) => name === newest.tag);
  const same = found?.commit === commit && readMessage(found.message).deployment === deployment;
  return same ? newest.tag : undefined;
}
