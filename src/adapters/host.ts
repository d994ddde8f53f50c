import { readFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import type { Host } from "../ports/host.ts";

/** What the surroundings say that this run is part of: GitHub Actions' variables, or a terminal. */
export function hostOf(environment: Readonly<Record<string, string | undefined>>): Host {
  const {
    GITHUB_ACTIONS,
    GITHUB_REPOSITORY: repository,
    GITHUB_EVENT_NAME: name,
    GITHUB_EVENT_PATH: path,
    GITHUB_RUN_ID: id,
    GITHUB_RUN_ATTEMPT: attempt = "1",
    GITHUB_SERVER_URL: server = "https://github.com",
    RUNNER_TEMP: temporary = tmpdir(),
  } = environment;
  const { TRAINYARD_TOKEN, GITHUB_TOKEN, GH_TOKEN } = environment;
  const hasToken = Boolean(TRAINYARD_TOKEN || GITHUB_TOKEN || GH_TOKEN);
  if (GITHUB_ACTIONS !== "true") {
    const user = environment.USER ?? userName();
    return { kind: "terminal", repository, hasToken, user, event: undefined, run: undefined, temporary };
  }
  return {
    kind: "actions",
    repository,
    hasToken,
    user: environment.GITHUB_ACTOR,
    get event() {
      if (name === undefined || path === undefined) return undefined;
      return { name, payload: JSON.parse(readFileSync(path, "utf8")) as unknown };
    },
    run:
      id === undefined
        ? undefined
        : { id: Number(id), attempt: Number(attempt), url: `${server}/${repository}/actions/runs/${id}` },
    temporary,
  };
}

/** Nobody, where the system knows no name for who runs this, as in some containers. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
