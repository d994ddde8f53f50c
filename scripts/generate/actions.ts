import { stringify } from "yaml";
import { actionInputs } from "../../src/action/inputs.ts";
import { STAGES } from "../../src/pipeline.ts";
import { kebab } from "../../src/stages/inputs.ts";
import { actionPage } from "./action-page.ts";
import { type ActionStage, description, initial, spoken } from "./action-words.ts";
import { type Generated, MADE_BY } from "./generated.ts";

const ACTIONS: readonly ActionStage[] = STAGES.filter(
  (stage): stage is ActionStage => stage.action !== undefined,
);

/** What the repository's front door does, and the name under which people find it. */
const FRONT = {
  stage: "run",
  name: "Trainyard: train and judge a model",
  about:
    "Run a machine-learning pipeline from data to report, skip what stands, and put the verdict into the job summary",
};

/** `actions/NAME/action.yml` and its page for each stage, and the front door at the root. */
export const actionFiles: readonly Generated[] = [
  ...ACTIONS.flatMap((stage) => [
    {
      path: `actions/${stage.name}/action.yml`,
      make: () =>
        actionYaml(stage, {
          name: `Trainyard ${stage.name}`,
          about: stage.summary.replace(/\.$/, ""),
          main: `../../dist/actions/${stage.name}.js`,
        }),
    },
    { path: `actions/${stage.name}/README.md`, make: () => actionPage(stage) },
  ]),
  {
    path: "action.yml",
    make: () => {
      const stage = ACTIONS.find(({ name }) => name === FRONT.stage);
      if (stage === undefined) throw new Error(`no action "${FRONT.stage}" for the front door`);
      return actionYaml(stage, { ...FRONT, main: `dist/actions/${FRONT.stage}.js` });
    },
  },
];

function actionYaml(
  stage: ActionStage,
  { name, about, main }: { readonly name: string; readonly about: string; readonly main: string },
): string {
  const action = {
    name,
    description: about,
    author: "Trainyard",
    branding: { icon: stage.action.icon, color: stage.action.color },
    inputs: Object.fromEntries(
      Object.entries(actionInputs(stage)).map(([input, declared]) => [
        kebab(input),
        {
          description: description(declared),
          required: declared.kind === "required",
          ...(initial(declared) === undefined ? {} : { default: initial(declared) }),
        },
      ]),
    ),
    outputs: Object.fromEntries(
      Object.entries(stage.outputs).map(([output, text]) => [kebab(output), { description: spoken(text) }]),
    ),
    runs: { using: "node24", main },
  };
  return `# ${MADE_BY}; from src/stages/${stage.name}.ts\n${stringify(action, { lineWidth: 0 })}`;
}
