import type { Sha256 } from "../../../core/artifacts/digest.ts";
import type { RegistryAddress } from "../../../core/artifacts/registry-address.ts";
import { UserError } from "../../../errors.ts";
import { again } from "../retrying.ts";
import type { DeletePush } from "./collect.ts";
import type { Login } from "./credentials.ts";
import { type Answer, bodyOf, done, type Exchange } from "./exchange.ts";

const API = "https://api.github.com";
const PAGE = 100;
/** GitHub gives no more of a list. */
const MOST_PAGES = 1000;
const LARGEST_PAGE = 16 << 20;

/**
 * Deletes pushes on ghcr.io, which knows no deletion of manifests: there a push is a version of a
 * package, and has a number that only the list of versions tells.
 */
export function deletePackageVersion(
  { name, url }: RegistryAddress,
  login: Login | undefined,
  exchange: Exchange,
  api = API,
): DeletePush {
  const [owner = "", ...rest] = name.split("/");
  const path = `packages/container/${encodeURIComponent(rest.join("/"))}/versions`;
  const ids = new Map<string, number>();
  let base: string | undefined;

  const ask = (method: "GET" | "DELETE", target: string): Promise<Answer> =>
    again(() =>
      exchange.ask({
        method,
        url: new URL(target),
        headers: {
          accept: "application/vnd.github+json",
          "x-github-api-version": "2022-11-28",
          authorization: `Bearer ${login?.password ?? ""}`,
        },
      }),
    );

  const pageAt = async (page: number): Promise<readonly unknown[]> => {
    const bases =
      base === undefined ? [`${api}/orgs/${owner}/${path}`, `${api}/users/${owner}/${path}`] : [base];
    for (const one of bases) {
      const answer = await ask("GET", `${one}?per_page=${PAGE}&page=${page}`);
      if (answer.status === 404 && one !== bases.at(-1)) {
        done(answer);
        continue;
      }
      if (answer.status !== 200) throw await refused(answer, "list its versions");
      base = one;
      const found: unknown = JSON.parse((await bodyOf(answer, LARGEST_PAGE)).toString("utf8"));
      return Array.isArray(found) ? found : [];
    }
    return [];
  };

  const look = async (): Promise<void> => {
    ids.clear();
    for (let page = 1; page <= MOST_PAGES; page++) {
      const versions = await pageAt(page);
      for (const version of versions as { id?: unknown; name?: unknown }[]) {
        if (typeof version?.id === "number" && typeof version.name === "string")
          ids.set(version.name, version.id);
      }
      if (versions.length < PAGE) return;
    }
  };

  const refused = async (answer: Answer, doing: string): Promise<UserError> => {
    const text = (await bodyOf(answer, 1 << 16).catch(() => Buffer.alloc(0))).toString("utf8");
    const said = /"message"\s*:\s*"([^"\\]{1,200})/.exec(text)?.[1] ?? "nothing";
    return new UserError(
      `GitHub does not let ${url} ${doing} (${answer.status}, ${JSON.stringify(said)}); the repository needs the role Admin at the package's settings, "Manage Actions access", and the job "packages: write"`,
    );
  };

  return async ({ digest }: { readonly digest: Sha256 }) => {
    if (login === undefined) {
      throw new UserError(
        `deleting from ${url} needs a token; set GITHUB_TOKEN, or run \`docker login ghcr.io\``,
      );
    }
    const version = `sha256:${digest}`;
    if (!ids.has(version)) await look();
    const id = ids.get(version);
    if (id === undefined) return; // somebody deleted it before
    const answer = await ask("DELETE", `${base}/${id}`);
    if (answer.status !== 204 && answer.status !== 404) throw await refused(answer, "delete a version");
    done(answer);
    ids.delete(version);
  };
}
