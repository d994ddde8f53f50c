import type { Annotation, Check, CheckResult, Forge, Written } from "../../ports/forge.ts";
import { annotationOf, annotationsOf, keyOf, PART } from "./annotations.ts";
import { cut, SUMMARY, SUMMARY_NOTE } from "./cut.ts";
import { sameBody } from "./marker.ts";
import { PAGE, type Repository } from "./repository.ts";
import { statuses } from "./statuses.ts";

/** Checks on commits, each with a page of its own. Only a workflow's token or an App may write them. */
export function checks(repository: Repository): Forge["checks"] {
  const { client, at, speaker } = repository;

  const newest = async (commit: string, name?: string) => {
    const runs = await client.paginate("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", {
      ...at,
      ...PAGE,
      ref: commit,
      ...(name === undefined ? {} : { check_name: name }),
    });
    return runs.map((run) => ({ ...run, id: Number(run.id) })).sort((a, b) => b.id - a.id);
  };

  /** Ours by name, with what it says. */
  const mine = async ({ name, commit }: Check) => {
    const { login } = await speaker();
    const runs = await newest(commit, name);
    return runs.find((run) => run.name === name && `${run.app?.slug}[bot]` === login);
  };

  /** Each request adds its annotations: one whose answer was cut is looked at before it is made again. */
  const add = async (id: number, check: Check, part: readonly Annotation[]): Promise<void> => {
    let attempts = 0;
    await client.once(
      async () => {
        if (attempts++ === 0 || part.length === 0) return undefined;
        const said = new Set((await annotationsOf(repository, id)).map(keyOf));
        return part.every((one) => said.has(keyOf(one))) || undefined;
      },
      async () => {
        await client.request("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
          ...at,
          ...contentOf(check, part),
          check_run_id: id,
          request: { once: true },
        });
        return true;
      },
    );
  };

  return {
    async put(given): Promise<Written> {
      const check: Check = { ...given, summary: cut(given.summary, SUMMARY, SUMMARY_NOTE) };
      const there = await mine(check);
      const said =
        there === undefined || there.output.annotations_count === 0
          ? []
          : await annotationsOf(repository, there.id);
      const wanted = new Map(check.annotations.map((one) => [keyOf(one), one]));
      const all = [...wanted.values()];
      // Annotations can be added, never taken back: where some do not hold any more, a new check of
      // this name takes the place of the old one, which GitHub then passes by.
      const stale = said.some((one) => !wanted.has(keyOf(one)));
      for (const one of said) wanted.delete(keyOf(one));
      const missing = stale ? all : [...wanted.values()];

      const kept = stale ? undefined : there;
      const outcome = there === undefined ? "created" : "updated";
      if (kept !== undefined && missing.length === 0 && saysTheSame(kept, check)) {
        return { id: kept.id, url: kept.html_url ?? "", outcome: "unchanged" };
      }
      const parts = Array.from({ length: Math.max(1, Math.ceil(missing.length / PART)) }, (_, part) =>
        missing.slice(part * PART, (part + 1) * PART),
      );
      if (kept !== undefined) {
        for (const part of parts) await add(kept.id, check, part);
        return { id: kept.id, url: kept.html_url ?? "", outcome };
      }
      const [first = [], ...rest] = parts;
      const run = await client.once(
        async () => {
          const found = await mine(check);
          return found?.id === there?.id ? undefined : found;
        },
        async () => {
          const { data } = await client.request("POST /repos/{owner}/{repo}/check-runs", {
            ...at,
            ...contentOf(check, first),
            head_sha: check.commit,
          });
          return data;
        },
      );
      for (const part of rest) await add(Number(run.id), check, part);
      return { id: Number(run.id), url: run.html_url ?? "", outcome };
    },

    async of(commit) {
      const checks = new Map<string, CheckResult>();
      for (const { name, app, conclusion } of await newest(commit)) {
        const key = `${app?.id} ${name}`;
        if (checks.has(key)) continue;
        checks.set(key, { name, conclusion: conclusion ?? undefined, app: app?.id });
      }
      const others = (await statuses(repository).of(commit)).map(({ context, state }) => ({
        name: context,
        conclusion: state === "pending" ? undefined : state,
        app: undefined,
      }));
      return [...checks.values(), ...others];
    },
  };
}

const contentOf = ({ name, conclusion, url, title, summary }: Check, part: readonly Annotation[]) => ({
  name,
  ...(conclusion === undefined
    ? ({ status: "in_progress" } as const)
    : ({ status: "completed", conclusion } as const)),
  ...(url === undefined ? {} : { details_url: url }),
  output: { title, summary, annotations: part.map(annotationOf) },
});

function saysTheSame(
  run: {
    readonly status: string;
    readonly conclusion: string | null;
    readonly details_url: string | null;
    readonly output: { readonly title: string | null; readonly summary: string | null };
  },
  check: Check,
): boolean {
  return (
    (run.conclusion ?? undefined) === check.conclusion &&
    (run.status === "completed") === (check.conclusion !== undefined) &&
    (check.url === undefined || run.details_url === check.url) &&
    run.output.title === check.title &&
    sameBody(run.output.summary ?? "", check.summary)
  );
}
