import { UserError } from "../../errors.ts";
import type { ArtifactInfo, Forge } from "../../ports/forge.ts";
import { download } from "./download.ts";
import { GithubError, orNothing, refused } from "./failure.ts";
import { PAGE, type Repository } from "./repository.ts";

/** Runs of workflows and what they left behind. */
export function runs({ client, at }: Repository): Pick<Forge, "runs" | "dispatch"> {
  return {
    runs: {
      async get(id) {
        const answer = await orNothing(
          client.request("GET /repos/{owner}/{repo}/actions/runs/{run_id}", { ...at, run_id: id }),
        );
        if (answer === undefined) return undefined;
        const run = answer.data;
        return {
          id: Number(run.id),
          attempt: run.run_attempt ?? 1,
          event: run.event,
          path: fileOf(run.path),
          headSha: run.head_sha,
          headBranch: run.head_branch ?? undefined,
          // Null where a fork was deleted, which GitHub's description does not say.
          headRepository: (run.head_repository as { full_name: string } | null)?.full_name,
          conclusion: run.conclusion ?? undefined,
          seconds: run.conclusion === null ? undefined : secondsBetween(run.run_started_at, run.updated_at),
          url: run.html_url,
        };
      },

      async artifacts(id) {
        const all = await client.paginate("GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts", {
          ...at,
          ...PAGE,
          run_id: id,
        });
        return all
          .map(
            (artifact): ArtifactInfo => ({
              id: Number(artifact.id),
              name: artifact.name,
              bytes: artifact.size_in_bytes,
              expired: artifact.expired,
              digest: artifact.digest ?? undefined,
            }),
          )
          .sort((a, b) => b.id - a.id);
      },

      async artifact(id, most) {
        // A signed address, for a minute: each attempt asks for one of its own.
        const address = async (): Promise<string> => {
          try {
            const { headers } = await client.request(
              "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}",
              { ...at, artifact_id: id, archive_format: "zip", request: { redirect: "manual" } },
            );
            if (headers.location !== undefined) return headers.location;
          } catch (error) {
            if (!refused(error, 410)) throw error;
            throw new UserError(`artifact ${id} has expired; run the workflow again that made it`);
          }
          const exchange = { method: "GET", path: `artifact ${id}`, status: 0, headers: {}, data: "" };
          throw new GithubError({ ...exchange, cause: "no address came to load it from" });
        };
        return download(client.fetch, address, most, `artifact ${id}`);
      },
    },

    async dispatch(workflow, ref, inputs) {
      await client.request("POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", {
        ...at,
        workflow_id: workflow.replace(/^\.github\/workflows\//, ""),
        ref,
        inputs: { ...inputs },
      });
    },
  };
}

/**
 * The workflow's file: GitHub writes it with or without the ref that it was read from. What could be
 * a part of the file's own name is left, so that such a file is not taken for another.
 *
 * @example fileOf(".github/workflows/trainyard.yml@refs/heads/main") // => ".github/workflows/trainyard.yml"
 * @example fileOf(".github/workflows/trainyard.yml@other.yml") // => ".github/workflows/trainyard.yml@other.yml"
 */
export function fileOf(path: string): string {
  return path.replace(/(\.ya?ml)@(?!.*\.ya?ml$).+$/, "$1");
}

/** Undefined where one of the times is none. */
function secondsBetween(start: string | undefined, end: string): number | undefined {
  const seconds = (Date.parse(end) - Date.parse(start ?? "")) / 1000;
  return seconds >= 0 ? seconds : undefined;
}
