import type { Checkout } from "../../../local/person.ts";
import { checksOf, comments, pullOf, statusOf } from "../../github/reading.ts";
import type { Proposal, Team } from "./team.ts";

/** All that stands of a pull request when its runs have ended. */
export interface Found {
  /** Whoever wrote them. */
  readonly comments: readonly string[];
  /** Of the judged commit and of the one that was made upon it. */
  readonly checks: readonly (readonly unknown[])[];
  readonly statuses: readonly unknown[];
  /** Commits upon the base, with what they say and change. */
  readonly commits: string;
  /** New records with their paths, as they stand in the ledger. */
  readonly records: readonly string[];
}

/** Looks, with the eyes of somebody who compares: numbers of runs and commits are taken out. */
export async function look(team: Pick<Team, "world" | "before">, proposal: Proposal): Promise<Found> {
  const { world, before } = team;
  const { checkout } = world;
  const { head } = await pullOf(world, proposal.pull);
  const plain = plainly(proposal, head.sha);
  const commits = [...new Set([proposal.head, head.sha])];
  const said = await comments(world, proposal.pull);
  return {
    comments: said.map(({ body, user }) => plain(`${user.login}: ${body}`)),
    checks: await Promise.all(
      commits.map(async (commit) =>
        (await checksOf(world, commit)).map(({ conclusion, output }) => [conclusion, plain(output.title)]),
      ),
    ),
    statuses: await Promise.all(
      commits.map(async (commit) => {
        const status = await statusOf(world, commit);
        return status === undefined ? undefined : [status.state, plain(status.description)];
      }),
    ),
    commits: plain(await commitsOf(checkout, proposal, head.sha)),
    records: await recordsOf(checkout, before, plain),
  };
}

async function commitsOf(checkout: Checkout, { base, pull }: Proposal, head: string): Promise<string> {
  await checkout.git("fetch", "--quiet", "origin", `refs/pull/${pull}/head`);
  return checkout.git("log", "--patch", "--format=%an%n%B", `${base}..${head}`);
}

/** Records that are drawn from a verdict, whose text is its: it matters that each is there once. */
const DRAWN = /^(experiments|reports|looks)\//;

async function recordsOf(
  checkout: Checkout,
  before: ReadonlySet<string>,
  plain: (text: string) => string,
): Promise<readonly string[]> {
  await checkout.git("fetch", "--quiet", "origin", "trainyard");
  const ledger = await checkout.git("rev-parse", "FETCH_HEAD");
  const paths = (await checkout.git("ls-tree", "-r", "--name-only", ledger)).split("\n");
  const fresh = paths.filter((path) => !before.has(path));
  const texts = await Promise.all(
    fresh.map((path) => (DRAWN.test(path) ? "" : checkout.git("show", `${ledger}:${path}`))),
  );
  return texts.map((text, index) => plain(`${fresh[index]}\n${text}`)).sort();
}

/** The same words for the same thing in different pull requests. */
function plainly({ head, base, pull }: Proposal, now: string): (text: string) => string {
  const names = Object.entries({ JUDGED: head, UPON: now, BASE: base });
  return (text) =>
    names
      .reduce((all, [name, sha]) => all.replaceAll(sha, name).replaceAll(sha.slice(0, 7), name), text)
      .replace(
        /\/actions\/runs\/\d+(\/artifacts\/\d+)?/g,
        (_, page) => `/RUN${page === undefined ? "" : "/PAGE"}`,
      )
      .replace(/\/pull\/\d+/g, "/pull/N")
      .replaceAll(`"pull": ${pull},`, '"pull": N,')
      .replace(new RegExp(`^(experiments|reports)/([^/]+)/${pull}/`), "$1/$2/N/")
      .replaceAll(`/${pull}/JUDGED`, "/N/JUDGED")
      .replaceAll(`/${pull}/UPON`, "/N/UPON")
      .replace(/trained in \d+ (s|min)( \d+ s)?|The run that trained took \| [^|]*\|/g, "trained for a while")
      .replace(/\b\d+ models? (was|were) measured/g, "n models were measured")
      .replace(/\b[0-9a-f]{12}\.json/g, "CONTENT.json")
      .replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"TIME"')
      .replace(/^index [0-9a-f]+\.\.[0-9a-f]+/gm, "index");
}
