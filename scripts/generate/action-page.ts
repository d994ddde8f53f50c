import { actionInputs } from "../../src/action/inputs.ts";
import { kebab } from "../../src/stages/inputs.ts";
import { type ActionStage, description, initial, spoken } from "./action-words.ts";
import { MADE_BY } from "./generated.ts";

/** Where users find us. */
const REPOSITORY = "trainyard/trainyard";
const VERSION = "v1";

/** `actions/NAME/README.md`: what it is, what it is told, what it answers, what its job may do. */
export function actionPage(stage: ActionStage): string {
  const { name, summary, command, action } = stage;
  const inside =
    command === false
      ? "Our reusable workflows use it between their jobs; a workflow of yours needs it only where it takes their place."
      : `The same as \`trainyard ${name}\` on the command line.`;
  return `${[
    `<!-- ${MADE_BY} -->`,
    `# ${name}`,
    `${spoken(summary)} ${inside}`,
    `\`\`\`yaml\n${example(stage)}\n\`\`\``,
    "## Inputs",
    table([["input", "what it is", "default"], ...inputRows(stage)]),
    "## Outputs",
    table([
      ["output", "what it is"],
      ...Object.entries(stage.outputs).map(([output, text]) => [code(kebab(output)), spoken(text)]),
    ]),
    "## Permissions",
    permissions(action.permissions ?? []),
  ].join("\n\n")}\n`;
}

function inputRows(stage: ActionStage): string[][] {
  return Object.entries(actionInputs(stage)).map(([input, declared]) => {
    const preset = initial(declared);
    return [
      code(kebab(input)),
      description(declared),
      declared.kind === "required" ? "**required**" : preset === undefined ? "" : code(preset),
    ];
  });
}

/** A job that works when it is pasted into a workflow. */
function example({ name, inputs, action }: ActionStage): string {
  const given = Object.entries(inputs).flatMap(([input, declared]) =>
    declared.kind === "required" && input !== "token"
      ? [`          ${kebab(input)}: ${declared.placeholder ?? "value"} # ${spoken(declared.about)}`]
      : [],
  );
  const token = "token" in inputs ? [`          token: \${{ github.token }}`] : [];
  const lines = [...given, ...token];
  const needs = action.permissions ?? ["contents: read # the repository's files"];
  return [
    "jobs:",
    `  ${name}:`,
    "    runs-on: ubuntu-latest",
    "    timeout-minutes: 60",
    "    permissions:",
    ...needs.map((permission) => `      ${permission}`),
    "    steps:",
    ...(action.permissions === undefined ? CHECKOUT : []),
    `      - uses: ${REPOSITORY}/actions/${name}@${VERSION}`,
    ...(lines.length === 0 ? [] : ["        with:", ...lines]),
  ].join("\n");
}

const CHECKOUT = [
  "      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0",
  "        with:",
  "          fetch-depth: 0 # what came before is what a model is compared with",
  "          persist-credentials: false",
];

function permissions(lines: readonly string[]): string {
  if (lines.length === 0) return "None: it works on files, and asks GitHub nothing.";
  const list = lines.map((text) => {
    const [what = "", why = ""] = text.split(" # ");
    return `- \`${what}\`: ${why}`;
  });
  return `Its job's token needs, and no more:\n\n${list.join("\n")}`;
}

function table([head = [], ...rows]: string[][]): string {
  if (rows.length === 0) return "None.";
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const code = (text: string): string => `\`${text}\``;
