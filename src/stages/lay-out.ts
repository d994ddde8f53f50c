import { terminalText } from "../core/report/escape.ts";
import { formatCount } from "../core/report/numbers.ts";
import { EXIT, UserError } from "../errors.ts";
import { required, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `$/actions/lay-out`: commits become the folders `head` and `base`. */
export default defineStage({
  name: "lay-out",
  summary: "Lay a change and its base out as plain files, with the remotes that the base names.",
  inputs: {
    base: required("The base branch's commit; its folder is called base", { placeholder: "commit" }),
    head: text("The change's commit; its folder is called head", { placeholder: "commit" }),
    mergeBase: text("The commit at which the change left its base; its files can be asked for", {
      placeholder: "commit",
    }),
    token: text("Reads the repository; public ones need none", { placeholder: "token" }),
  },
  outputs: {
    head: "The change's folder; empty where none was asked for",
    base: "The base's folder",
  },
  action: {
    icon: "copy",
    color: "gray-dark",
    permissions: ["contents: read # the commits"],
  },
  command: false,

  async run({ base, head, mergeBase, token }, ports) {
    const trees: Readonly<Record<string, string>> = {
      ...(head === undefined ? {} : { head: commitId("head", head) }),
      base: commitId("base", base),
    };
    const also = mergeBase === undefined ? [] : [commitId("merge-base", mergeBase)];
    const laidOut = await ports.layOut({ token, into: ports.folder, trees, also, remotesOf: "base" });
    const lines = Object.entries(trees).map(
      ([name, commit]) => `${name} ${commit}: ${formatCount(laidOut.trees[name]?.files ?? 0)} files`,
    );
    return {
      outputs: { head: laidOut.trees.head?.folder ?? "", base: laidOut.trees.base?.folder ?? "" },
      text: [...lines, ...laidOut.notes.map((note) => terminalText(note, 1000))].join("\n"),
      json: laidOut,
    };
  },
});

function commitId(name: string, value: string): string {
  if (/^[0-9a-f]{40}$/.test(value)) return value;
  throw new UserError(
    `${name} is "${terminalText(value, 100)}"; it takes a whole commit id, 40 lower-case hex digits`,
    {
      exit: EXIT.usage,
    },
  );
}
