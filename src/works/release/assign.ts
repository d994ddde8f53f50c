import type { RegistryVersion } from "../../core/registry/fold.ts";
import { artifactInTags, formatTagName, nextCounter, parseTagName } from "../../core/registry/grammar.ts";
import { readMessage, tagMessage } from "../../core/registry/message.ts";
import { type Forge, TagTaken } from "../../ports/forge.ts";

/** What is assigned, and by which deployment. */
export interface Assignment {
  readonly model: string;
  readonly environment: string;
  /** A version with the commit that it stands at: a reader of tags finds the version by it. */
  readonly version: Pick<RegistryVersion, "version" | "commit">;
  readonly sha256: string;
  readonly deployment: number;
  readonly reason: string;
  readonly pull: number | null;
}

/** So many others may take a counter before us. */
const MOST_RACES = 10;

/**
 * Tags that a version serves in an environment: `wages#production#4`. One deployment is one tag, however
 * often it is asked for.
 *
 * @returns the tag's name
 */
export async function assign(forge: Forge, asked: Assignment): Promise<string> {
  const { model, environment, version, sha256, deployment, reason, pull } = asked;
  const message = tagMessage(`${model} ${version.version} to ${environment}: ${reason}`, {
    sha256,
    version: version.version,
    deployment,
    pull: pull ?? undefined,
  });
  for (let attempt = 1; ; attempt++) {
    const tags = await forge.tags.list(artifactInTags(model));
    const there = tags.find((tag) => {
      const name = parseTagName(tag.name);
      const assigns = name?.artifact === model && name.action === "assign" && name.stage === environment;
      return assigns && readMessage(tag.message).deployment === deployment;
    });
    if (there !== undefined) return there.name;
    const counter = nextCounter(
      tags.map(({ name }) => name),
      model,
    );
    const name = formatTagName({ artifact: model, action: "assign", stage: environment, counter });
    try {
      return (await forge.tags.create({ name, commit: version.commit, message })).name;
    } catch (error) {
      if (!(error instanceof TagTaken) || attempt >= MOST_RACES) throw error;
    }
  }
}
