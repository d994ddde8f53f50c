import { UserError } from "../../errors.ts";
import type { Forge, PullRequest, Review } from "../../ports/forge.ts";
import { orNothing } from "./failure.ts";
import { PAGE, type Repository } from "./repository.ts";

/** GitHub lists no more files of a pull request than these. */
const MOST_FILES = 3000;

/** What GitHub calls what a review says. */
const STATES: Readonly<Record<string, Review["state"]>> = {
  APPROVED: "approved",
  CHANGES_REQUESTED: "changes requested",
  COMMENTED: "commented",
  DISMISSED: "dismissed",
};

/** Pull requests of a repository. */
export function pulls({ client, at }: Repository): Forge["pulls"] {
  const open: Forge["pulls"]["open"] = async (head) => {
    const list = await client.paginate("GET /repos/{owner}/{repo}/pulls", {
      ...at,
      ...PAGE,
      state: "open",
      ...(head === undefined ? {} : { head }),
    });
    return list.map(pullOf);
  };

  return {
    open,
    async get(number) {
      const answer = await orNothing(
        client.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", { ...at, pull_number: number }),
      );
      return answer && pullOf(answer.data);
    },
    async of(head) {
      const list = await client.paginate("GET /repos/{owner}/{repo}/pulls", {
        ...at,
        ...PAGE,
        state: "all",
        head,
      });
      return list.map(pullOf).sort((a, b) => b.number - a.number);
    },
    async ofCommit(sha) {
      const list = await client.paginate("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", {
        ...at,
        ...PAGE,
        commit_sha: sha,
      });
      return list.filter(({ merged_at }) => merged_at !== null).map(pullOf);
    },
    async update(number, change) {
      const { data } = await client.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
        ...at,
        pull_number: number,
      });
      const there: Readonly<Record<string, unknown>> = {
        title: data.title,
        body: data.body ?? "",
        state: data.state,
      };
      if (Object.entries(change).every(([key, value]) => there[key] === value)) return pullOf(data);
      const answer = await client.request("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", {
        ...at,
        pull_number: number,
        ...change,
      });
      return pullOf(answer.data);
    },
    async create(pull) {
      const head = pull.head.includes(":") ? pull.head : `${at.owner}:${pull.head}`;
      return client.once(
        async () => {
          const branch = head.slice(head.indexOf(":") + 1);
          const there = await open(head);
          return there.find(({ head, base }) => head.ref === branch && base.ref === pull.base);
        },
        async () => {
          const { data } = await client.request("POST /repos/{owner}/{repo}/pulls", { ...at, ...pull });
          return pullOf(data);
        },
      );
    },
    async files(number) {
      const files = await client.paginate("GET /repos/{owner}/{repo}/pulls/{pull_number}/files", {
        ...at,
        ...PAGE,
        pull_number: number,
      });
      if (files.length >= MOST_FILES) {
        throw new UserError(
          `pull request #${number} changes ${MOST_FILES} files or more, of which GitHub does not list all; make it smaller`,
        );
      }
      const paths = files.flatMap((file) => [file.filename, file.previous_filename ?? file.filename]);
      return [...new Set(paths)];
    },
    async reviews(number) {
      const list = await client.paginate("GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews", {
        ...at,
        ...PAGE,
        pull_number: number,
      });
      return list.flatMap(({ user, state, commit_id, submitted_at }) => {
        const said = STATES[state];
        if (said === undefined || submitted_at === undefined) return []; // still being written
        return { by: user?.login ?? "ghost", state: said, commit: commit_id ?? undefined, at: submitted_at };
      });
    },
    async mergeBase(base, head) {
      const { data } = await client.request("GET /repos/{owner}/{repo}/compare/{basehead}", {
        ...at,
        basehead: `${base}...${head}`,
        per_page: 1,
      });
      return data.merge_base_commit.sha;
    },
  };
}

interface Pull {
  readonly number: number;
  readonly title: string;
  readonly html_url: string;
  readonly state: string;
  readonly draft?: boolean | undefined;
  readonly user: { readonly login: string } | null;
  readonly labels: readonly { readonly name?: string | undefined }[];
  readonly head: Side;
  readonly base: Side;
}

interface Side {
  readonly sha: string;
  readonly ref: string;
  /** GitHub sends null where a fork was deleted, which its description does not say everywhere. */
  readonly repo: { readonly id: number | bigint; readonly full_name: string } | null;
}

const pullOf = ({ head, base, user, ...pull }: Pull): PullRequest => ({
  number: pull.number,
  title: pull.title,
  url: pull.html_url,
  state: pull.state === "open" ? "open" : "closed",
  draft: pull.draft ?? false,
  author: user?.login ?? "ghost",
  labels: pull.labels.flatMap(({ name }) => name ?? []),
  head: { sha: head.sha, ref: head.ref, repository: head.repo?.full_name },
  base: { sha: base.sha, ref: base.ref, repositoryId: Number(base.repo?.id ?? 0) },
});
