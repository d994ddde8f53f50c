import { UserError } from "../../../errors.ts";
import type { Forge, Issue, PullRequest, Speaker } from "../../../ports/forge.ts";
import { withMarker } from "../marker.ts";
import { changedPaths, commitAt, mergeBaseOf } from "./history.ts";
import { type KeptPull, type MemoryWorld, urlOf } from "./world.ts";

/** What people read: pull requests, comments, labels and issues. */
export function memoryTalk(
  world: MemoryWorld,
  speaker: Speaker,
): Pick<Forge, "pulls" | "comments" | "labels" | "issues"> {
  const { owner, name } = world.info;

  const pullOf = (kept: KeptPull): PullRequest => ({
    number: kept.number,
    title: kept.title,
    url: urlOf(world, `pull/${kept.number}`),
    state: kept.state,
    draft: kept.draft,
    author: kept.author,
    labels: [...kept.labels],
    head: {
      sha: kept.fork?.sha ?? kept.last ?? commitAt(world, kept.head)?.sha ?? "",
      ref: kept.head,
      repository: kept.fork === undefined ? `${owner}/${name}` : kept.fork.repository,
    },
    base: { sha: commitAt(world, kept.base)?.sha ?? "", ref: kept.base, repositoryId: world.info.id },
  });
  const ownerOf = (kept: KeptPull): string | undefined =>
    kept.fork === undefined ? owner : kept.fork.repository?.split("/")[0];
  const withoutOwner = (head: string): string =>
    head.startsWith(`${owner}:`) ? head.slice(owner.length + 1) : head;

  const mine = (issue: number, marker: string) =>
    world.comments.find(
      (comment) =>
        comment.issue === issue && comment.author === speaker.login && comment.body.includes(marker),
    );
  const commentUrl = (issue: number, id: number): string => urlOf(world, `pull/${issue}#issuecomment-${id}`);

  const issueAt = (number: number): Issue => {
    const issue = world.issues.get(number);
    if (issue === undefined) throw new UserError(`there is no issue #${number} in ${owner}/${name}`);
    return issue;
  };
  const labelled = (number: number, change: (labels: Set<string>) => void): void => {
    const pull = world.pulls.get(number);
    if (pull !== undefined) {
      change(pull.labels);
      return;
    }
    const issue = issueAt(number);
    const labels = new Set(issue.labels);
    change(labels);
    world.issues.set(number, { ...issue, labels: [...labels] });
  };

  const closer = (before: Issue, state: Issue["state"]): string | undefined => {
    if (state === "open") return undefined;
    return before.state === "closed" ? before.closedBy : speaker.login;
  };

  return {
    pulls: {
      async get(number) {
        const kept = world.pulls.get(number);
        return kept === undefined ? undefined : pullOf(kept);
      },
      async open(head) {
        return [...world.pulls.values()]
          .filter((kept) => kept.state === "open")
          .filter((kept) => head === undefined || `${ownerOf(kept)}:${kept.head}` === head)
          .map(pullOf);
      },
      async of(head) {
        return [...world.pulls.values()]
          .filter((kept) => `${ownerOf(kept)}:${kept.head}` === head)
          .map(pullOf)
          .reverse();
      },
      async ofCommit(sha) {
        return [...world.pulls.values()].filter(({ merged }) => merged === sha).map(pullOf);
      },
      reviews: async (number) => world.reviews.get(number) ?? [],
      async update(number, change) {
        const kept = world.pulls.get(number);
        if (kept === undefined) throw new UserError(`there is no pull request #${number}`);
        const { state = kept.state } = change;
        const last = state === "open" ? undefined : (kept.last ?? pullOf(kept).head.sha);
        const changed = { ...kept, ...change, last };
        world.pulls.set(number, changed);
        return pullOf(changed);
      },
      async create(pull) {
        const head = withoutOwner(pull.head);
        const there = [...world.pulls.values()].find(
          (kept) =>
            kept.state === "open" && kept.fork === undefined && kept.head === head && kept.base === pull.base,
        );
        if (there !== undefined) return pullOf(there);
        if (commitAt(world, head) === undefined) throw new UserError(`there is no branch "${head}"`);
        const number = world.next();
        const kept: KeptPull = {
          ...pull,
          head,
          number,
          author: speaker.login,
          labels: new Set(),
          state: "open",
          draft: false,
        };
        world.pulls.set(number, kept);
        return pullOf(kept);
      },
      async files(number) {
        const kept = world.pulls.get(number);
        if (kept === undefined) throw new UserError(`there is no pull request #${number}`);
        const { head, base } = pullOf(kept);
        return changedPaths(world, mergeBaseOf(world, base.sha, head.sha) ?? base.sha, head.sha);
      },
      async mergeBase(base, head) {
        const sha = mergeBaseOf(world, base, head);
        if (sha === undefined) throw new UserError(`"${base}" and "${head}" have no commit in common`);
        return sha;
      },
    },

    comments: {
      async upsert(issue, marker, text) {
        const body = withMarker(text, marker);
        const there = mine(issue, marker);
        if (there === undefined) {
          const id = world.next();
          world.comments.push({ id, issue, author: speaker.login, body });
          return { id, url: commentUrl(issue, id), outcome: "created" };
        }
        const outcome = there.body === body ? "unchanged" : "updated";
        there.body = body;
        return { id: there.id, url: commentUrl(issue, there.id), outcome };
      },
      async find(issue, marker) {
        const there = mine(issue, marker);
        return there && { id: there.id, body: there.body, url: commentUrl(issue, there.id) };
      },
      async react(comment, reaction) {
        const author = speaker.login;
        const there = world.reactions.some(
          (one) => one.comment === comment && one.author === author && one.reaction === reaction,
        );
        if (!there) world.reactions.push({ comment, author, reaction });
      },
    },

    labels: {
      async add(issue, labels) {
        labelled(issue, (set) => {
          for (const label of labels) {
            world.labels.add(label);
            set.add(label);
          }
        });
      },
      async remove(issue, label) {
        labelled(issue, (set) => {
          set.delete(label);
        });
      },
    },

    issues: {
      async find(marker, labels) {
        return [...world.issues.values()].filter(
          (issue) =>
            issue.author === speaker.login &&
            issue.body.includes(marker) &&
            labels.every((label) => issue.labels.includes(label)),
        );
      },
      async open({ title, body, labels }) {
        const there = [...world.issues.values()].find(
          (issue) =>
            issue.state === "open" &&
            issue.author === speaker.login &&
            issue.title === title &&
            issue.body === body &&
            labels.every((label) => issue.labels.includes(label)),
        );
        if (there !== undefined) return there;
        for (const label of labels) world.labels.add(label);
        const number = world.next();
        const url = urlOf(world, `issues/${number}`);
        const author = speaker.login;
        const issue: Issue = {
          number,
          title,
          body,
          url,
          state: "open",
          locked: false,
          labels,
          author,
          closedBy: undefined,
        };
        world.issues.set(number, issue);
        return issue;
      },
      async update(number, { title, body, state }) {
        const issue = issueAt(number);
        const changed: Issue = {
          ...issue,
          title: title ?? issue.title,
          body: body ?? issue.body,
          state: state ?? issue.state,
          closedBy: closer(issue, state ?? issue.state),
        };
        world.issues.set(number, changed);
        return changed;
      },
    },
  };
}
