import { desiredPath } from "../core/deployments/desired.ts";
import { markdownText, terminalText } from "../core/report/escape.ts";
import { EXIT } from "../errors.ts";
import { wantedByNow } from "../works/release/newest.ts";
import { type Planned, planRelease, type ReleasePlan } from "../works/release/plan.ts";
import type { Scene } from "../works/release/scene.ts";
import { accessOf } from "./access.ts";
import { text } from "./inputs.ts";
import { releaseScene, shownFrom } from "./release-scene.ts";
import { defineStage, type Note, type Result } from "./stage.ts";

type Output = "todo" | "matrix" | "models" | "promotes";

/** More than these GitHub starts no jobs from one matrix; the rest is deployed by the next run. */
const MOST = 256;

/** `$/actions/plan-release`: which desired states of a commit are to be deployed. */
export default defineStage({
  name: "plan-release",
  summary:
    "Say which desired states of a commit are to be deployed, and refuse those that nothing vouches for.",
  inputs: { token: text("Reads the ledger and the newest commit", { placeholder: "token" }) },
  outputs: {
    todo: "deploy or nothing",
    matrix: "As JSON: [{environment, model, folder, sha256, md5, reason}]",
    models: "As JSON, each model once: [{model, folder, sha256, md5, commit}]",
    promotes: "Whether any model is promoted from one environment to the next",
  },
  action: {
    icon: "map",
    color: "gray-dark",
    permissions: ["contents: read # the ledger, and the default branch's newest commit"],
  },
  command: false,

  async run({ token }, ports): Promise<Result<Output>> {
    const scene = await releaseScene(ports, accessOf({ token, appId: undefined, appPrivateKey: undefined }));
    const plan = await planRelease(scene);
    const { due, lines } = await sorted(scene, plan);
    const refused = plan.states.flatMap(({ path, decision }) =>
      decision.kind === "refused" ? [{ path, ...decision }] : [],
    );
    const notes = refused.map(({ path, line, sentence }): Note => {
      const file = shownFrom(ports, scene, path);
      return { level: "error", at: line === undefined ? { file } : { file, line }, message: sentence };
    });
    const matrix = due.slice(0, MOST).map(({ environment, model, folder, decision }) => ({
      environment,
      model,
      folder,
      ...decision.digest,
      reason: decision.reason,
    }));
    const models = new Map(
      matrix.map(({ model, folder, sha256, md5 }) => [
        `${model} ${sha256}`,
        { model, folder, sha256, md5, commit: scene.commit },
      ]),
    );
    const promotes = plan.contracts.all.some(({ contract }) =>
      Object.values(contract.deploy).some(({ after }) => after !== undefined),
    );
    const told = [...lines, ...refused.map(({ sentence }) => `refused   ${terminalText(sentence, 1000)}`)];
    return {
      ...(refused.length > 0 ? { exit: EXIT.failed } : {}),
      outputs: {
        todo: matrix.length > 0 ? "deploy" : "nothing",
        matrix: JSON.stringify(matrix),
        models: JSON.stringify([...models.values()]),
        promotes: String(promotes),
      },
      text: told.length === 0 ? "no model has a desired state here" : told.join("\n"),
      ...(told.length === 0
        ? {}
        : { markdown: told.map((line) => `- ${markdownText(line, 1000)}`).join("\n") }),
      json: { matrix, models: [...models.values()], refused, promotes },
      notes,
    };
  },
});

type Due = Planned & { readonly decision: { readonly kind: "due" } };

/** What is due, less what a newer commit wants otherwise: a run that is run again sets nothing back. */
async function sorted(
  scene: Scene,
  { states }: ReleasePlan,
): Promise<{ readonly due: readonly Due[]; readonly lines: readonly string[] }> {
  const due: Due[] = [];
  const lines: string[] = [];
  for (const state of states) {
    const { decision, environment, model } = state;
    if (decision.kind === "serves") {
      lines.push(`stands    ${model} ${decision.record.version} serves in ${environment}`);
    } else if (decision.kind === "due") {
      const other = await wantedByNow(scene, desiredPath(environment, model), decision.digest.sha256);
      if (other === undefined) due.push({ ...state, decision });
      lines.push(
        other === undefined
          ? `deploy    ${terminalText(decision.sentence, 1000)}`
          : `left      ${environment} is to serve ${other} of ${model} by now`,
      );
    }
  }
  return { due, lines };
}
