import type { Exchange } from "./failure.ts";

/** Which permission an endpoint needs, the first row that fits; levels follow from the method. */
const NEEDS: readonly (readonly [RegExp, string])[] = [
  [/\/issues\/(\d+\/(comments|labels)|comments\/)/, "pull-requests"],
  [/\/(issues|labels)\b/, "issues"],
  [/\/pulls\b/, "pull-requests"],
  [/\/check-(runs|suites)\b/, "checks"],
  [/\/(statuses|status)\b/, "statuses"],
  [/\/deployments\b/, "deployments"],
  [/\/actions\//, "actions"],
  [/\/protection$/, "administration"],
  [/\/(git|contents|releases|compare|commits|branches)\b|^\/graphql/, "contents"],
];

/** Permissions that no workflow file can grant, but an App or a person's token can. */
const NOT_IN_WORKFLOWS = new Set(["administration", "metadata", "members"]);

/**
 * What to grant where a request was refused for want of a permission, as the rest of a sentence with
 * the YAML that does it. The server's header says it; else a table of endpoints does. Of alternatives
 * the table's is named.
 *
 * @example grantOf({ method: "POST", path: "/repos/a/b/check-runs", status: 403, headers: {}, data: { message: "Resource not accessible by integration" } }) // => "; it lacks checks: write, so give the job, beside what it has:\n\npermissions:\n  checks: write"
 */
export function grantOf(exchange: Exchange): string {
  const { data, path, status } = exchange;
  const message = String((data as { message?: unknown } | null)?.message ?? "");
  if (/authenticate via a GitHub App/i.test(message)) {
    return "; checks are written by a workflow's own token or a GitHub App, never by a person's token";
  }
  if (/upgrade to|billing|suspended|archived|disabled/i.test(message)) return "";
  const needed = neededBy(exchange);
  if (needed.length === 0) return "";
  const list = needed.map(([name, level]) => `${name}: ${level}`);
  const names = list.join(" and ");
  const lacks = status === 404 ? `; if it is there, the token lacks ${names}` : `; it lacks ${names}`;
  if (/personal access token/i.test(message)) {
    return `${lacks}: a token with these permissions on this repository is needed`;
  }
  if (path.startsWith("/app") || needed.some(([name]) => NOT_IN_WORKFLOWS.has(name))) {
    return `${lacks}, which only a GitHub App or a person's token can have`;
  }
  return `${lacks}, so give the job, beside what it has:\n\npermissions:\n${list.map((line) => `  ${line}`).join("\n")}`;
}

type Needed = readonly (readonly [name: string, level: string])[];

function neededBy({ method, path, headers }: Exchange): Needed {
  const row = NEEDS.find(([pattern]) => pattern.test(path));
  const byTable: Needed = row === undefined ? [] : [[row[1], method === "GET" ? "read" : "write"]];
  const alternatives = parsed(String(headers["x-accepted-github-permissions"] ?? ""));
  const [first] = alternatives;
  if (first === undefined) return byTable;
  return alternatives.find((set) => set.some(([name]) => name === row?.[1])) ?? first;
}

/** `issues=write; pull_requests=write,contents=read`: sets of permissions, of which one will do. */
function parsed(header: string): readonly Needed[] {
  return header
    .split(";")
    .map((set) =>
      set.split(",").flatMap((part): Needed => {
        const [, name, level] = /^\s*(\w+)=(\w+)\s*$/.exec(part) ?? [];
        return name === undefined || level === undefined ? [] : [[name.replaceAll("_", "-"), level]];
      }),
    )
    .filter((set) => set.length > 0);
}
