/** How a script is run: a command with the script's file in place of `{0}`. */
export interface Shell {
  readonly command: readonly string[];
  readonly extension: string;
}

/**
 * The command of a `shell`; Bash without `pipefail` where there is none, as on GitHub.
 *
 * @example shellOf("bash").command // => ["bash", "--noprofile", "--norc", "-eo", "pipefail", "{0}"]
 */
export function shellOf(shell: string | undefined): Shell {
  switch (shell) {
    case undefined:
      return { command: ["bash", "-e", "{0}"], extension: ".sh" };
    case "bash":
      return { command: ["bash", "--noprofile", "--norc", "-eo", "pipefail", "{0}"], extension: ".sh" };
    case "sh":
      return { command: ["sh", "-e", "{0}"], extension: ".sh" };
    case "python":
      return { command: ["python", "{0}"], extension: ".py" };
    default:
      if (!shell.includes("{0}")) {
        throw new Error(`unknown shell "${shell}"; there are bash, sh, python and commands with {0}`);
      }
      return { command: shell.split(/\s+/).filter((word) => word !== ""), extension: "" };
  }
}
