import { EXIT, UserError } from "../errors.ts";

/** Where a workflow hands over what the remotes' clients need: lines of `NAME=value`. */
export const REMOTE = "TRAINYARD_REMOTE";

/** Variables that steer programs, the runner or us, and no remote; a registry's login is a remote's. */
const OTHERS =
  /^(PATH|HOME|SHELL|PWD|TMPDIR|ENV|BASH_ENV|IFS|PYTHON.*|NODE_.*|LD_.*|DYLD_.*|GIT_.*|SSH_.*|NPM_CONFIG_.*|GITHUB_.*|RUNNER_.*|ACTIONS_.*|INPUT_.*|TRAINYARD_(?!REGISTRY(_USER|_PASSWORD)?$).*|CI)$/i;

/**
 * The variables that remotes read, from the lines of a secret. Empty lines and those that begin with
 * `#` say nothing; a value may hold `=`. No message shows a value.
 *
 * @example remoteVariables("AWS_ACCESS_KEY_ID=a=b\n\n# comment\nAWS_REGION = eu-west-1") // => { AWS_ACCESS_KEY_ID: "a=b", AWS_REGION: "eu-west-1" }
 * @example remoteVariables("PATH=/tmp") // throws "steers other programs"
 * @throws {UserError} exit 2, where a line is none, or names a variable that is none of a remote's
 */
export function remoteVariables(lines: string): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const [index, line] of lines.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name = "", value = ""] = /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)$/.exec(line) ?? [];
    if (name === "") throw wrong(index, "is not NAME=value");
    if (OTHERS.test(name)) throw wrong(index, `sets ${name}, which steers other programs than a remote's`);
    variables[name] = value.trim();
  }
  return variables;
}

const wrong = (index: number, what: string): UserError =>
  new UserError(`line ${index + 1} of ${REMOTE} ${what}; it takes lines such as AWS_ACCESS_KEY_ID=…`, {
    exit: EXIT.usage,
  });
