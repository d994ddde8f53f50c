import type { IncomingHttpHeaders } from "node:http";
import type { GithubEvent } from "../contract.ts";
import { type Answer, notFound } from "./answers.ts";
import type { Identity } from "./tokens.ts";
import type { Repository, Role, World } from "./world.ts";

/** Who does something, and where the events of it go: they are told once the request is answered. */
export interface Doing {
  readonly world: World;
  readonly who: Identity;
  emit(event: GithubEvent): void;
}

/** One request, read and with its sender known. */
export interface Call extends Doing {
  /** The path without the API's prefix. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly bytes: Buffer;
  readonly headers: IncomingHttpHeaders;
}

/** A request about one repository that its sender may see. */
export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

/** Permissions of which a token needs all; several such sets are alternatives. */
export type Needs = readonly Readonly<Record<string, "read" | "write">>[];

/** One operation, under the name that GitHub's OpenAPI description gives it. */
export interface Route {
  /** `GET /repos/{owner}/{repo}/labels` */
  readonly operation: string;
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly needs: Needs;
  /** What a person must be at least; by default what `needs` implies. */
  readonly role: Role | undefined;
  readonly ofRepository: boolean;
  readonly answer: (call: RepositoryCall) => Answer | Promise<Answer>;
}

/** Parameters that may hold slashes. */
const DEEP = new Set(["ref", "path", "branch", "basehead"]);

/** Declares an operation on a repository, with the permissions that an integration needs for it. */
export function on(
  operation: string,
  needs: Needs,
  answer: (call: RepositoryCall) => Answer | Promise<Answer>,
  role?: Role,
): Route {
  const [method = "", template = ""] = operation.split(" ");
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const source = template
    .replace(/[.+]/g, "\\$&")
    .replace(/\{(\w+)\}/g, (_, name: string) =>
      name === "path" ? "(.*)" : DEEP.has(name) ? "(.+)" : "([^/]+)",
    );
  // An app asks for its installation before it has a token for the repository.
  const ofRepository = template.startsWith("/repos/{owner}/{repo}") && !template.endsWith("/installation");
  return { operation, method, pattern: new RegExp(`^${source}$`), names, needs, role, ofRepository, answer };
}

/** Declares an operation that is about no single repository. */
export const route = (operation: string, answer: (call: Call) => Answer | Promise<Answer>): Route =>
  on(operation, [], answer);

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw notFound();
  }
}

/** The first route that fits, with what its parameters are. */
export function match(
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } {
  for (const candidate of routes) {
    const found = candidate.method === method ? candidate.pattern.exec(path) : null;
    if (!found) continue;
    const params = candidate.names.map((name, i) => [name, decoded(found[i + 1] ?? "")]);
    return { route: candidate, params: Object.fromEntries(params) };
  }
  throw notFound();
}

/** One parameter of the path. */
export const param = (call: Call, name: string): string => call.params[name] ?? "";

/** One parameter of the path that is a number. */
export function numberParam(call: Call, name: string): number {
  const value = param(call, name);
  if (!/^\d+$/.test(value)) throw notFound();
  return Number(value);
}

/** A text of the request's body. */
export const text = (call: Call, name: string): string | undefined => {
  const value = call.body[name];
  return typeof value === "string" ? value : undefined;
};

/** A list of texts of the request's body. */
export const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];

/** An object of the request's body. */
export const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
