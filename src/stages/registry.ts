import { foldTags, type RegistryEvent, type RegistryModel } from "../core/registry/fold.ts";
import { isArtifact } from "../core/registry/grammar.ts";
import { showHistory, showRegistry } from "../core/registry/show.ts";
import { nearest } from "../core/text/nearest.ts";
import { EXIT, UserError } from "../errors.ts";
import { flag, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard registry [NAME] [--history]` */
export default defineStage({
  name: "registry",
  summary:
    "Show which versions there are, which serves where, since when, from which commit, and how good it is.",
  inputs: {
    name: text("Only this model", { positional: true }),
    history: flag("What happened instead, the newest first"),
  },
  outputs: { models: "How many models have a version or serve somewhere" },
  examples: ["trainyard registry", "trainyard registry wages --history", "trainyard registry --json"],

  async run({ name, history }, ports) {
    const { repo } = await ports.workspace(ports.folder);
    if (repo === undefined) {
      throw new UserError("this is no Git repository; the registry is in the tags of one");
    }
    const all = foldTags(await repo.tags());
    const models = name === undefined ? [...all.values()] : [modelNamed(all, name)];
    const events = models
      .flatMap((model) => model.events)
      .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
    return {
      outputs: { models: String(models.length) },
      text:
        models.length === 0
          ? "no version is registered here; tags of the remote come with `git fetch --tags`"
          : history
            ? showHistory(events, ports.screen)
            : showRegistry(models, ports.screen),
      json: {
        schema: "trainyard/registry/1",
        models: models.map(modelJson),
        ...(history ? { history: events.map(eventJson) } : {}),
      },
    };
  },
});

function modelNamed(all: ReadonlyMap<string, RegistryModel>, name: string): RegistryModel {
  const found = all.get(name);
  if (found !== undefined) return found;
  if (!isArtifact(name)) {
    throw new UserError(`"${name}" is not a model's name`, { exit: EXIT.usage });
  }
  const near = nearest(name, all.keys());
  throw new UserError(
    `no tag here speaks of a model "${name}"${near === undefined ? "" : `; did you mean "${near}"?`}`,
  );
}

const modelJson = ({ model, deprecated, latest, versions, stages }: RegistryModel) => ({
  model,
  deprecated,
  latest: latest ?? null,
  versions: versions.map(({ version, commit, registered, active, by, at, tag, facts, stages: serves }) => ({
    version,
    commit,
    registered,
    active,
    by,
    at,
    tag,
    stages: serves,
    sha256: facts.sha256 ?? null,
    md5: facts.md5 ?? null,
    verdict: facts.verdict ?? null,
    pull: facts.pull ?? null,
    metrics: Object.fromEntries(facts.metrics),
  })),
  stages,
});

const eventJson = ({ version, stage, ...event }: RegistryEvent) => ({
  ...event,
  version: version ?? null,
  stage: stage ?? null,
});
