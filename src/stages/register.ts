import { type RegisterModel, registerModels } from "../core/registry/documents.ts";
import { BUMPS } from "../core/registry/version.ts";
import { markdownCode, markdownText } from "../core/report/escape.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Ports } from "../ports/ports.ts";
import { type Registered, register } from "../works/register.ts";
import { modelsInTree, type TreeModels } from "../works/register-tree.ts";
import { accessOf } from "./access.ts";
import { choice, text } from "./inputs.ts";
import { defineStage, type Result } from "./stage.ts";

/** `$/actions/register`: bytes that were judged and merged get a version and a release. */
export default defineStage({
  name: "register",
  summary: "Give judged models a version tag and a release with a model card, once for the same bytes.",
  inputs: {
    models: text(
      "What is to be registered, as JSON: [{model, folder, sha256, md5, commit}]; else what the tree's locks name and a verdict vouches for",
      { placeholder: "json" },
    ),
    commit: text("The commit of those that name none; else the one that is checked out", {
      placeholder: "commit",
    }),
    bump: choice("Which part of the version grows", BUMPS, "minor"),
    token: text("Writes, in the workflow's name", { placeholder: "token" }),
    appId: text("The team's own GitHub App, in whose name is written instead", { placeholder: "id" }),
    appPrivateKey: text("Its private key", { placeholder: "key" }),
  },
  outputs: { versions: "As JSON: [{model, version, tag, commit, url, created}]" },
  action: {
    icon: "tag",
    color: "green",
    permissions: [
      "contents: write # the tag and the release",
      "pull-requests: read # where the model was judged",
    ],
  },
  command: false,

  async run(inputs, ports): Promise<Result<"versions">> {
    const access = accessOf(inputs);
    const ledger = await ports.ledger(access);
    const { models, left } = await wanted(inputs.models, ports, ledger);
    const scene = { forge: await ports.forge(access), ledger, ports, tree: ports.folder, bump: inputs.bump };
    const versions: (Registered & { readonly model: string })[] = [];
    const refused: string[] = [];
    for (const model of models) {
      try {
        const commit = model.commit ?? (await commitOf(inputs.commit, ports));
        versions.push({ model: model.model, ...(await register(scene, { ...model, commit })) });
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        refused.push(`${model.model}: ${error.message}`);
      }
    }
    return {
      ...(refused.length > 0 ? { exit: EXIT.failed } : {}),
      outputs: { versions: JSON.stringify(versions) },
      text: [
        ...versions.map(
          ({ model, version, url, created }) =>
            `${created ? "registered" : "stands    "} ${model} ${version}  ${url}`,
        ),
        ...left.map((reason) => `left       ${reason}`),
        ...refused.map((reason) => `refused    ${reason}`),
      ].join("\n"),
      markdown: [
        ...versions.map(
          ({ model, version, url, created }) =>
            `- ${markdownText(model)} [${markdownCode(version)}](${url})${created ? "" : ", which stood already"}`,
        ),
        ...[...left, ...refused].map((reason) => `- ${markdownText(reason)}`),
      ].join("\n"),
      json: { versions, left, refused },
    };
  },
});

async function wanted(
  given: string | undefined,
  ports: Ports,
  ledger: Ledger,
): Promise<{ readonly models: readonly RegisterModel[]; readonly left: TreeModels["left"] }> {
  if (given === undefined) return modelsInTree(ports, ledger);
  let value: unknown;
  try {
    value = JSON.parse(given);
  } catch (error) {
    throw new UserError(`models is no JSON (${(error as Error).message})`, { exit: EXIT.usage });
  }
  const parsed = registerModels.safeParse(value);
  if (parsed.success) return { models: parsed.data, left: [] };
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")} `;
  throw new UserError(
    `models: ${where}${issue?.message ?? "is wrong"}; it is a list of {model, folder, sha256, md5, commit}`,
    { exit: EXIT.usage },
  );
}

async function commitOf(given: string | undefined, ports: Ports): Promise<string> {
  const { repo } = await ports.workspace(ports.folder);
  const commit = given ?? (await repo?.head());
  if (commit !== undefined && /^[0-9a-f]{40}$/.test(commit)) return commit;
  if (given !== undefined) {
    throw new UserError(`commit is "${given}"; it takes a whole commit id`, { exit: EXIT.usage });
  }
  throw new UserError("commit is missing: no commit is checked out here that the version could stand at", {
    exit: EXIT.usage,
  });
}
