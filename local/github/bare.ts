import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { git } from "./git.ts";

/** Refuses refs that rules protect, and workflow files from tokens that may not write them. */
const UPDATE_HOOK = `#!/bin/sh
case " $LOCAL_GITHUB_PROTECTED " in
  *" $1 "*)
    echo "error: GH013: Repository rule violations found for $1." >&2
    echo "- Changes must be made through a pull request." >&2
    exit 1 ;;
esac
zero=0000000000000000000000000000000000000000
if [ -n "$LOCAL_GITHUB_NO_WORKFLOWS" ] && [ "$3" != "$zero" ]; then
  before="$2"
  [ "$before" = "$zero" ] && before=$(git merge-base "$3" HEAD 2>/dev/null || git hash-object -t tree /dev/null)
  found=$(git diff --name-only "$before" "$3" -- .github/workflows | head -n 1)
  if [ -n "$found" ]; then
    echo "refusing to allow a GitHub App to create or update workflow \\\`$found\\\` without \\\`workflows\\\` permission" >&2
    exit 1
  fi
fi
exit 0
`;

const SETTINGS: readonly (readonly [string, string])[] = [
  ["uploadpack.allowAnySHA1InWant", "true"],
  ["uploadpack.allowFilter", "true"],
  ["http.receivepack", "true"],
  ["receive.hideRefs", "refs/pull"],
  ["receive.autogc", "false"],
  ["receive.advertisePushOptions", "true"],
  ["gc.auto", "0"],
  ["core.logAllRefUpdates", "false"],
];

/** Makes a bare repository that serves Git over HTTP as GitHub's do. */
export async function makeBare(folder: string, branch: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await git(folder, ["init", "--quiet", "--bare", `--initial-branch=${branch}`, folder]);
  const settings = SETTINGS.map(([name, value]) => {
    const [section = "", key = ""] = name.split(".");
    return `[${section}]\n\t${key} = ${value}\n`;
  });
  await writeFile(join(folder, "config"), `[core]\n\tbare = true\n${settings.join("")}`);
  await mkdir(join(folder, "hooks"), { recursive: true });
  await writeFile(join(folder, "hooks", "update"), UPDATE_HOOK, { mode: 0o755 });
}
