import { parse } from "yaml";
import { tellOnDefault } from "./events.ts";
import { gitOr } from "./git.ts";
import { type Doing, record } from "./routes.ts";
import { account, type Repository } from "./world.ts";

/** The times at which a workflow file starts by itself: `17 3 * * *`. */
function cronsIn(source: string): readonly string[] {
  const { schedule } = record(record(parse(source)).on);
  return Array.isArray(schedule) ? schedule.map((entry) => String(record(entry).cron)) : [];
}

/**
 * Lets the time of a schedule come: as on GitHub on the default branch's newest commit, by its file, and
 * in the name of whoever changed that file last.
 *
 * @param path `.github/workflows/monitor.yml`
 * @param cron which of its times; may be left out where there is one
 */
export async function tellSchedule(
  doing: Doing,
  repository: Repository,
  path: string,
  cron?: string,
): Promise<void> {
  const branch = `refs/heads/${repository.defaultBranch}`;
  const source = await gitOr(repository.folder, ["show", `${branch}:${path}`]);
  if (source === undefined) throw new Error(`${repository.fullName} has no ${path} on its default branch`);
  const crons = cronsIn(source);
  const at = cron ?? (crons.length === 1 ? crons[0] : undefined);
  if (at === undefined || !crons.includes(at)) {
    throw new Error(`${path} does not start at "${cron ?? "?"}"; its times: ${crons.join(", ") || "none"}`);
  }
  const author = await gitOr(repository.folder, ["log", "-1", "--format=%an", branch, "--", path]);
  const known = doing.world.accounts.get((author ?? "").trim().toLowerCase());
  const who = { ...doing.who, account: known ?? account(doing.world, repository.owner.login) };
  // A fork's schedules are off, and so are those of a repository without activity for sixty days.
  await tellOnDefault({ ...doing, who }, repository, "schedule", { schedule: at, workflow: path });
}
