import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import type { World } from "../../local/world.ts";

const CLI = resolve("dist/cli.js");

/** Has Ada roll production back in her clone, as the runbook says. @returns the pull request's number */
export async function openRollback(world: World): Promise<number> {
  const asked = ["rollback", "wages", "--environment", "production", "--open"];
  const args = [...asked, "--token", world.ada.token, "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args], {
    cwd: world.checkout.folder,
    env: {
      ...process.env,
      GITHUB_API_URL: world.github.apiUrl,
      GITHUB_GRAPHQL_URL: world.github.graphqlUrl,
      GITHUB_SERVER_URL: world.github.url,
      GITHUB_REPOSITORY: world.repository,
    },
  });
  return (JSON.parse(stdout) as { pull: { number: number } }).pull.number;
}
