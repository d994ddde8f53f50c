import { UserError } from "../../errors.ts";
import type { Environment } from "./open.ts";

const answers = new Map<string, Promise<string>>();

/**
 * Asks the person at the terminal for a secret, once; what is typed is not shown.
 *
 * @param what as in "the password of ada at dav.example.com"
 * @param instead what to do where nobody can be asked
 * @throws {UserError} in CI, and where there is no terminal
 */
export async function askSecret(what: string, instead: string, environment: Environment): Promise<string> {
  const { stdin, stderr } = process;
  if (environment.CI || !stdin.isTTY || !stderr.isTTY)
    throw new UserError(`${what} is to be asked for, and nobody is there to answer; ${instead}`);
  const asked = answers.get(what);
  if (asked !== undefined) return asked;
  const answer = typed(what);
  answers.set(what, answer);
  return answer;
}

function typed(what: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(`${what}: `);
  stdin.setRawMode(true);
  stdin.resume();
  return new Promise((resolve, reject) => {
    let text = "";
    const end = (): void => {
      stdin.off("data", take);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write("\n");
    };
    const take = (chunk: Buffer): void => {
      for (const letter of chunk.toString("utf8")) {
        if (letter === "\r" || letter === "\n") {
          end();
          resolve(text);
          return;
        }
        if (letter === "\u0003" || letter === "\u0004") {
          end();
          reject(new UserError(`${what} was not given`));
          return;
        }
        text = letter === "\u007f" || letter === "\b" ? text.slice(0, -1) : text + letter;
      }
    };
    stdin.on("data", take);
  });
}
