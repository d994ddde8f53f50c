import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { git, temporaryFolder } from "../../artifacts/temporary.ts";

/** Git over HTTP as GitHub has it: `git http-backend` with tokens, counted requests and faults on demand. */
export interface GitServer {
  /** What a job on that server would have in its environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The bare repository on disk. */
  readonly repository: string;
  /** `POST /acme/wages.git/git-receive-pack 200` */
  readonly requests: string[];
  /** Answers the next requests that match so, or does not answer them; `cut` acts and then hangs up. */
  fault(matches: RegExp, times: number, answer: number | "cut" | "silence"): void;
  close(): Promise<void>;
}

const RIGHTS: Readonly<Record<string, "read" | "write">> = { reader: "read", writer: "write" };

/** @param open whether everybody may read; else a token is asked for */
export async function gitServer(name = "acme/wages", open = true): Promise<GitServer> {
  const root = temporaryFolder();
  const repository = join(root, `${name}.git`);
  git(root, "init", "-q", "--bare", "-b", "main", repository);
  git(repository, "config", "uploadpack.allowFilter", "true");
  git(repository, "config", "uploadpack.allowAnySHA1InWant", "true");
  git(repository, "config", "http.receivepack", "true");
  const requests: string[] = [];
  const faults: { matches: RegExp; times: number; answer: number | "cut" | "silence" }[] = [];

  const server = createServer((request, response) => {
    const { method = "", url = "" } = request;
    const line = `${method} ${url}`;
    response.once("close", () => requests.push(`${line} ${response.statusCode}`));
    const fault = faults.find(({ matches, times }) => times > 0 && matches.test(line));
    if (fault !== undefined) fault.times--;
    if (fault?.answer === "silence") return;
    if (typeof fault?.answer === "number") {
      request.resume();
      response.writeHead(fault.answer).end("no\n");
      return;
    }
    const status = refusal(request, open);
    if (status !== undefined) {
      request.resume();
      if (status === 401) response.setHeader("www-authenticate", 'Basic realm="GitHub"');
      response.writeHead(status, { "content-type": "text/plain" });
      response.end(status === 403 ? "Permission to acme/wages.git denied to github-actions[bot].\n" : "");
      return;
    }
    backend(root, request, response, fault?.answer === "cut");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    environment: {
      PATH: process.env.PATH,
      HOME: root,
      RUNNER_TEMP: temporaryFolder(),
      GITHUB_REPOSITORY: name,
      GITHUB_SERVER_URL: `http://127.0.0.1:${port}`,
    },
    repository,
    requests,
    fault: (matches, times, answer) => faults.push({ matches, times, answer }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function refusal({ url = "", headers }: IncomingMessage, open: boolean): number | undefined {
  const basic = /^basic (.*)$/i.exec(headers.authorization ?? "")?.[1];
  const [user, token] = basic === undefined ? [] : Buffer.from(basic, "base64").toString().split(":");
  if (basic !== undefined && (user !== "x-access-token" || RIGHTS[token ?? ""] === undefined)) return 401;
  const writes = url.includes("git-receive-pack");
  if (token === undefined) return writes || !open ? 401 : undefined;
  return writes && RIGHTS[token] !== "write" ? 403 : undefined;
}

function backend(root: string, request: IncomingMessage, response: ServerResponse, cut: boolean): void {
  const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
  const { headers } = request;
  const child = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_NOSYSTEM: "1",
      REQUEST_METHOD: request.method,
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: headers["content-encoding"] as string | undefined,
      CONTENT_LENGTH: headers["content-length"],
      GIT_PROTOCOL: headers["git-protocol"] as string | undefined,
      REMOTE_USER: headers.authorization === undefined ? undefined : "somebody",
      REMOTE_ADDR: "127.0.0.1",
    },
  });
  request.pipe(child.stdin);
  child.stdin.on("error", () => {});
  const parts: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => parts.push(chunk));
  child.once("close", () => {
    const answer = Buffer.concat(parts);
    const end = answer.indexOf("\r\n\r\n");
    let status = 200;
    for (const line of answer.subarray(0, end).toString().split("\r\n")) {
      const [name = "", value = ""] = line.split(/: (.*)/);
      if (name === "Status") status = Number.parseInt(value, 10);
      else if (name !== "") response.setHeader(name, value);
    }
    response.statusCode = status;
    if (cut) response.destroy();
    else response.end(answer.subarray(end + 4));
  });
}
