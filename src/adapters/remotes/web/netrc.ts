import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../../errors.ts";
import type { Environment } from "../open.ts";
import { basicCredentials, type Credentials } from "./credentials.ts";

/** A user and a password for one host. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/**
 * What a file `.netrc` says of a host. Its `default`, which would be sent to any host that a configuration
 * names, is left out.
 *
 * @example netrcLogin("machine a.example login ada password s3cret", "a.example") // => { user: "ada", password: "s3cret" }
 * @example netrcLogin("default login ada password s3cret", "a.example") // => undefined
 */
export function netrcLogin(text: string, host: string): Login | undefined {
  const macros = /^[ \t]*macdef[ \t][\s\S]*?(?:\r?\n[ \t]*\r?\n|$(?![\s\S]))/gm; // up to an empty line
  const words = wordsOf(text.replace(macros, "\n"));
  let [isHost, user, password]: [boolean, string | undefined, string | undefined] = [
    false,
    undefined,
    undefined,
  ];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === "machine" || word === "default") {
      if (isHost && password !== undefined) break;
      isHost = word === "machine" && words[++at]?.toLowerCase() === host.toLowerCase();
      [user, password] = [undefined, undefined];
    } else if (word === "login" || word === "user") user = words[++at];
    else if (word === "password") password = words[++at];
    else if (word === "account") user ??= words[++at];
  }
  return isHost && password !== undefined ? { user: user ?? "", password } : undefined;
}

/** Words between blanks; in quotes, blanks too; `#` begins a comment where a word could. */
function wordsOf(text: string): readonly string[] {
  const found = text.matchAll(/"((?:[^"\\]|\\.)*)"|#[^\n]*|(\S+)/g);
  return [...found].flatMap(([, quoted, bare]) => quoted?.replace(/\\(.)/g, "$1") ?? bare ?? []);
}

/**
 * The credentials that `.netrc` has for a host: the file that NETRC names, or that of the home folder.
 *
 * @throws {UserError} where NETRC names a file that cannot be read
 */
export function netrcCredentials(host: string, environment: Environment): Credentials | undefined {
  const home = environment.HOME ?? environment.USERPROFILE ?? homedir();
  const names = process.platform === "win32" ? [".netrc", "_netrc"] : [".netrc"];
  for (const file of environment.NETRC ? [environment.NETRC] : names.map((name) => join(home, name))) {
    try {
      const login = netrcLogin(readFileSync(file, "utf8"), host);
      if (login !== undefined) return basicCredentials(login.user, login.password);
    } catch (error) {
      if (environment.NETRC)
        throw new UserError(`NETRC is ${file}, which cannot be read: ${(error as Error).message}`);
    }
  }
  return undefined;
}
