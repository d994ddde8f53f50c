import { relative, resolve, sep } from "node:path";
import { installDriver, mergeUndecided } from "../artifacts/merge.ts";
import { EXIT, UserError } from "../errors.ts";
import { flag, list } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard merge [PATH…]` */
export default defineStage({
  name: "merge",
  summary: "Merge pointers, directories and locks that `git merge` left undecided.",
  inputs: {
    paths: list("Only these: pointers, locks, data or folders; else all", { positional: true }),
    ours: flag("Take our side of what both changed"),
    theirs: flag("Take their side of what both changed"),
    install: flag("Have `git merge` ask us by itself: writes .gitattributes and this clone's configuration"),
  },
  outputs: { undecided: "The files that are still undecided, one a line" },
  examples: ["trainyard merge --install", "trainyard merge", "trainyard merge --theirs data/images.dvc"],

  async run({ paths, ours, theirs, install }, ports) {
    if (ours && theirs) throw new UserError("--ours and --theirs go not together", { exit: EXIT.usage });
    const workspace = await ports.workspace(ports.folder);
    if (install) {
      const { changed } = await installDriver(workspace);
      return {
        outputs: { undecided: "" },
        text:
          changed.length === 0
            ? "git merge asks us already"
            : `git merge asks us from now on; commit it: git add ${changed.join(" ")}`,
        json: { installed: true, changed },
      };
    }
    const root = workspace.repo?.root ?? workspace.root;
    const files = await mergeUndecided(workspace, {
      paths: paths.map((path) => relative(root, resolve(ports.folder, path)).split(sep).join("/")),
      ...(ours ? { favour: "ours" } : theirs ? { favour: "theirs" } : {}),
    });
    const left = files.filter(({ merged }) => !merged);
    const text = files.flatMap(({ path, merged, conflicts }) =>
      merged ? [`merged    ${path}`] : conflicts.map((sentence) => `undecided ${path}  ${sentence}`),
    );
    const hints = [
      ...(left.length > 0 ? ["decide with `trainyard merge --ours PATH` or `--theirs PATH`"] : []),
      ...(files.length > left.length ? ["`trainyard pull` brings what the merged pointers name"] : []),
    ];
    return {
      ...(left.length > 0 ? { exit: EXIT.failed } : {}),
      outputs: { undecided: left.map(({ path }) => path).join("\n") },
      text: files.length === 0 ? "no pointer and no lock is undecided" : [...text, ...hints].join("\n"),
      json: { files },
    };
  },
});
