import type { Forge, Issue } from "../../ports/forge.ts";
import { makeLabels } from "./labels.ts";
import { sameBody } from "./marker.ts";
import { PAGE, type Repository } from "./repository.ts";
import { isBy } from "./speaker.ts";

/** Issues of this speaker, found by their labels and author: the search has limits of its own. */
export function issues(repository: Repository): Forge["issues"] {
  const { client, at, speaker } = repository;

  const ours = async (labels: readonly string[], state: "open" | "all"): Promise<readonly Issue[]> => {
    const me = await speaker();
    const all = await client.paginate("GET /repos/{owner}/{repo}/issues", {
      ...at,
      ...PAGE,
      state,
      creator: me.login,
      ...(labels.length === 0 ? {} : { labels: labels.join(",") }),
    });
    return all
      .filter((issue) => issue.pull_request === undefined && isBy(issue.user, me))
      .map(issueOf)
      .filter((issue) => labels.every((label) => issue.labels.includes(label)));
  };

  /** A list may leave out who closed an issue; the issue itself says it. */
  const withCloser = async (issue: Issue): Promise<Issue> => {
    if (issue.state === "open" || issue.closedBy !== undefined) return issue;
    const { data } = await client.request("GET /repos/{owner}/{repo}/issues/{issue_number}", {
      ...at,
      issue_number: issue.number,
    });
    return issueOf(data);
  };

  return {
    async find(marker, labels) {
      const found = (await ours(labels, "all")).filter(({ body }) => body.includes(marker));
      return Promise.all(found.map(withCloser));
    },
    async open({ title, body, labels, assignees }) {
      await makeLabels(repository, labels);
      return client.once(
        async () =>
          (await ours(labels, "open")).find((issue) => issue.title === title && sameBody(issue.body, body)),
        async () => {
          const { data } = await client.request("POST /repos/{owner}/{repo}/issues", {
            ...at,
            title,
            body,
            labels: [...labels],
            ...(assignees === undefined ? {} : { assignees: [...assignees] }),
          });
          return issueOf(data);
        },
      );
    },
    async update(number, { reason, ...change }) {
      const { data } = await client.request("PATCH /repos/{owner}/{repo}/issues/{issue_number}", {
        ...at,
        issue_number: number,
        ...change,
        ...(reason === undefined ? {} : { state_reason: reason }),
      });
      return issueOf(data);
    },
  };
}

const issueOf = (issue: {
  readonly number: number;
  readonly title: string;
  readonly body?: string | null | undefined;
  readonly html_url: string;
  readonly state: string;
  readonly locked: boolean;
  readonly labels: readonly (string | { readonly name?: string })[];
  readonly user: { readonly login: string } | null;
  readonly closed_by?: { readonly login: string } | null;
}): Issue => ({
  number: issue.number,
  title: issue.title,
  body: issue.body ?? "",
  url: issue.html_url,
  state: issue.state === "open" ? "open" : "closed",
  locked: issue.locked,
  labels: issue.labels.flatMap((label) => (typeof label === "string" ? label : (label.name ?? []))),
  author: issue.user?.login ?? "ghost",
  closedBy: issue.state === "open" ? undefined : issue.closed_by?.login,
});
