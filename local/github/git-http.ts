import { spawn } from "node:child_process";
import type { IncomingMessage } from "node:http";
import { type Answer, Refused } from "./answers.ts";
import { gitEnvironment, refsOf } from "./git.ts";
import type { Counter } from "./limits.ts";
import { type Move, moved } from "./moved.ts";
import { may, sees } from "./permissions.ts";
import type { Doing } from "./routes.ts";
import { needsPull } from "./rules.ts";
import { findRepository, inTurn, type Repository } from "./world.ts";

const PATH = /^\/([\w.-]+\/[\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** What a request for Git is about; undefined where it is something else. */
export function gitRequest(
  doing: Doing,
  url: URL,
):
  | { readonly repository: Repository | undefined; readonly rest: string; readonly pushes: boolean }
  | undefined {
  const [, name = "", rest = ""] = PATH.exec(url.pathname) ?? [];
  if (rest === "") return undefined;
  const service = url.searchParams.get("service") ?? rest;
  return { repository: findRepository(doing.world, name), rest, pushes: service === "git-receive-pack" };
}

const plain = (status: number, words: string, headers: Readonly<Record<string, string>> = {}): Refused =>
  new Refused({ status, bytes: Buffer.from(words), type: "text/plain; charset=utf-8", headers });

/** Refuses who may not fetch or push, in GitHub's words. @throws {Refused} 401, 403, 404 */
export function checkGit({ who }: Doing, repository: Repository | undefined, pushes: boolean): Repository {
  const ask = plain(401, "Authentication required", { "www-authenticate": 'Basic realm="GitHub"' });
  const name = repository?.fullName ?? "";
  const reads = repository && sees(who, repository) && may(who, repository, [{ contents: "read" }]);
  if (!repository || !reads) throw who.kind === "nobody" ? ask : plain(404, "Repository not found.");
  if (!pushes || may(who, repository, [{ contents: "write" }])) return repository;
  if (who.kind === "nobody") throw ask;
  throw plain(403, `Permission to ${name}.git denied to ${who.account.login}.`);
}

/** Refuses a push of a workflow or an App beyond what may be written in a minute. @throws {Refused} 429 */
export function countPush(counter: Counter, { world, who }: Doing): void {
  if (who.kind === "user") return;
  try {
    counter.count(who, true, world.now().getTime());
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw plain(429, "You have exceeded a secondary rate limit.", error.answer.headers);
  }
}

/** What the update hook is to refuse. */
function hookEnvironment({ who }: Doing, repository: Repository): Record<string, string> {
  const guarded = [...repository.rules.values()].filter(
    (rules) => needsPull(rules) || rules.checks.length > 0,
  );
  const mayWorkflows = who.kind === "user" || who.permissions.workflows === "write";
  return {
    LOCAL_GITHUB_PROTECTED: guarded.map(({ branch }) => `refs/heads/${branch}`).join(" "),
    LOCAL_GITHUB_NO_WORKFLOWS: mayWorkflows ? "" : "1",
  };
}

/** All that was sent. @throws where the sender goes away before that */
async function received(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const header = (request: IncomingMessage, name: string): string => String(request.headers[name] ?? "");

/** Hands a request to `git http-backend` and its answer back. */
function backend(
  doing: Doing,
  repository: Repository,
  rest: string,
  url: URL,
  request: IncomingMessage,
  bytes: Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["http-backend"], {
      env: {
        ...gitEnvironment(),
        ...hookEnvironment(doing, repository),
        GIT_PROJECT_ROOT: repository.folder,
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: `/${rest}`,
        REQUEST_METHOD: request.method ?? "GET",
        QUERY_STRING: url.search.slice(1),
        CONTENT_TYPE: header(request, "content-type"),
        CONTENT_LENGTH: header(request, "content-length"),
        HTTP_CONTENT_ENCODING: header(request, "content-encoding"),
        GIT_PROTOCOL: header(request, "git-protocol"),
        REMOTE_USER: doing.who.kind === "nobody" ? "" : doing.who.account.login,
        REMOTE_ADDR: "127.0.0.1",
      },
    });
    const out: Buffer[] = [];
    child.on("error", reject);
    child.stdin.on("error", () => {});
    child.stderr.resume();
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.on("close", () => resolve(cgi(Buffer.concat(out))));
    child.stdin.end(bytes);
  });
}

/** An answer as a CGI program writes it: headers, an empty line, the rest. */
function cgi(output: Buffer): Answer {
  const end = output.indexOf("\r\n\r\n");
  const lines = output.subarray(0, Math.max(end, 0)).toString("latin1").split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()];
    }),
  );
  const { status = "200", "content-type": type = "text/plain", ...rest } = headers;
  return { status: Number(status.split(" ")[0]), bytes: output.subarray(end + 4), type, headers: rest };
}

/** Answers a fetch, or a push: then tells of the refs that moved. */
export async function answerGit(
  doing: Doing,
  repository: Repository,
  rest: string,
  url: URL,
  request: IncomingMessage,
): Promise<Answer> {
  // Whole before its turn comes: who goes away in the middle of a push must not keep the others waiting.
  const bytes = await received(request);
  if (rest !== "git-receive-pack") return backend(doing, repository, rest, url, request, bytes);
  return inTurn(doing.world, repository, async () => {
    const before = await refsOf(repository.folder);
    const answer = await backend(doing, repository, rest, url, request, bytes);
    const after = await refsOf(repository.folder);
    const moves: Move[] = [...new Set([...before.keys(), ...after.keys()])]
      .filter((ref) => before.get(ref) !== after.get(ref))
      .map((ref) => ({ ref, before: before.get(ref), after: after.get(ref) }));
    await moved(doing, repository, moves);
    return answer;
  });
}
