import { createHash } from "node:crypto";
import { UserError } from "../../errors.ts";
import { type Forge, HeadMoved, type NewCommit } from "../../ports/forge.ts";
import { GithubError, orNothing, refused } from "./failure.ts";
import { grantOf } from "./grants.ts";
import type { Repository } from "./repository.ts";

const MUTATION = `
  mutation ($input: CreateCommitOnBranchInput!) {
    createCommitOnBranch(input: $input) { commit { oid url } }
  }`;

interface Made {
  readonly createCommitOnBranch: { readonly commit: { readonly oid: string; readonly url: string } };
}

/** Branches, files and commits by the API, which signs them. */
export function commits({
  client,
  at,
}: Repository): Pick<Forge, "commit" | "branch" | "createBranch" | "moveBranch" | "file"> {
  const branch = async (name: string): Promise<string | undefined> => {
    const answer = await orNothing(
      client.request("GET /repos/{owner}/{repo}/git/ref/{ref}", { ...at, ref: `heads/${name}` }),
    );
    return answer?.data.object.sha;
  };

  const file = async (path: string, ref: string): Promise<string | undefined> => {
    const answer = await orNothing(
      client.request("GET /repos/{owner}/{repo}/contents/{path}", {
        ...at,
        path,
        ref,
        mediaType: { format: "raw" },
      }),
    );
    if (answer === undefined) return undefined;
    const data: unknown = answer.data;
    if (typeof data === "string") return data;
    if (data instanceof Uint8Array) return Buffer.from(data).toString("utf8");
    throw new UserError(`"${path}" at ${ref} is not a file`);
  };

  /** The branch's head, where it is the very commit that was to be made: an earlier attempt's. */
  const madeAlready = async (wanted: NewCommit, head: string | undefined) => {
    if (head === undefined) return undefined;
    const { data } = await client.request("GET /repos/{owner}/{repo}/commits/{ref}", { ...at, ref: head });
    const blobs = new Map(wanted.write.map(({ path, bytes }) => [path, blobName(bytes)]));
    const gone = new Set(wanted.remove);
    const listed = new Map((data.files ?? []).map(({ filename, ...file }) => [filename, file]));
    const same =
      data.parents.length === 1 &&
      data.parents[0]?.sha === wanted.expectedHead &&
      data.commit.message === wanted.message.trimEnd() &&
      [...listed].every(([path, { sha, status, previous_filename: from = "" }]) => {
        if (status === "removed") return gone.has(path);
        return blobs.get(path) === sha && (status !== "renamed" || gone.has(from)); // a file's going is no line of its own
      });
    if (!same) return undefined;
    for (const { path, bytes } of wanted.write) {
      if (listed.has(path)) continue; // else it must have stood there before
      const there = await file(path, data.sha);
      if (there === undefined || !Buffer.from(there).equals(bytes)) return undefined;
    }
    for (const path of gone) {
      if (!listed.has(path) && (await file(path, data.sha)) !== undefined) return undefined;
    }
    return { sha: data.sha, url: data.html_url };
  };

  const createBranch = async (name: string, sha: string): Promise<void> => {
    await client.once(
      () => branch(name),
      async () => {
        try {
          await client.request("POST /repos/{owner}/{repo}/git/refs", {
            ...at,
            ref: `refs/heads/${name}`,
            sha,
          });
        } catch (error) {
          // Made by somebody else in between: it is there, as was asked.
          if (!refused(error, 422) || (await branch(name)) === undefined) throw error;
        }
        return sha;
      },
    );
  };

  return {
    branch,
    createBranch,

    async commit(wanted) {
      const [headline = "", ...body] = wanted.message.trimEnd().split("\n");
      const input = {
        branch: { repositoryNameWithOwner: `${at.owner}/${at.repo}`, branchName: wanted.branch },
        expectedHeadOid: wanted.expectedHead,
        message: { headline, body: body.join("\n").trimStart() },
        fileChanges: {
          additions: wanted.write.map(({ path, bytes }) => ({
            path,
            contents: Buffer.from(bytes).toString("base64"),
          })),
          deletions: wanted.remove.map((path) => ({ path })),
        },
      };
      let attempts = 0;
      return client.once(
        // The expected head keeps a second attempt from doubling it; only what became of the first is asked.
        async () => (attempts++ === 0 ? undefined : madeAlready(wanted, await branch(wanted.branch))),
        async () => {
          try {
            const { createCommitOnBranch: made } = await client.graphql<Made>(MUTATION, { input });
            return { sha: made.commit.oid, url: made.commit.url };
          } catch (error) {
            if (error instanceof GithubError) throw error;
            if (isForbidden(error)) throw explained(error, wanted);
            const head = await branch(wanted.branch);
            if (head === wanted.expectedHead) throw explained(error, wanted);
            const made = await madeAlready(wanted, head);
            if (made === undefined) throw new HeadMoved(wanted.branch, wanted.expectedHead, head);
            return made;
          }
        },
      );
    },

    async moveBranch(name, sha) {
      const there = await branch(name);
      if (there === undefined) await createBranch(name, sha);
      else if (there !== sha) {
        await client.request("PATCH /repos/{owner}/{repo}/git/refs/{ref}", {
          ...at,
          ref: `heads/${name}`,
          sha,
          force: true,
        });
      }
    },

    file,
  };
}

/** What Git calls a file with these bytes. */
function blobName(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

interface Graphql {
  readonly errors?: readonly { readonly type?: string; readonly message?: string }[];
}

/** Whether the token may not write there, or may not even see the repository. */
function isForbidden(error: unknown): boolean {
  return ((error as Graphql).errors ?? []).some(
    ({ type, message }) =>
      type === "FORBIDDEN" ||
      type === "INSUFFICIENT_SCOPES" ||
      /could not resolve to a repository/i.test(message ?? ""),
  );
}

/** GraphQL answers 200 with errors; they are told like those of the other API. */
function explained(error: unknown, { branch }: NewCommit): Error {
  const { errors } = error as Graphql;
  if (errors === undefined) return error as Error;
  const said = errors.map(({ message }) => message).join(": ");
  const refusal = { method: "POST", path: "/graphql", status: 403, headers: {}, data: { message: said } };
  const grant = isForbidden(error) ? grantOf(refusal) : "";
  return new UserError(`GitHub refused a commit on "${branch}" (${said})${grant}`, { cause: error });
}
