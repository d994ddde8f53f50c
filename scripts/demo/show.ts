import type { RunResult } from "../../local/contract.ts";
import { explain, keep, type World } from "../../local/world.ts";

/** What the demo shows while it goes on. */
export interface Stage {
  step(text: string): void;
  /** @param at the second of the demo in which it happened; now where absent */
  say(text: string, at?: number): void;
}

/** A stage whose words are kept until its curtain rises. */
export interface Held extends Stage {
  rise(): void;
}

/** Keeps what is said behind the curtain, with its time, while something else is played. */
export function held(stage: Stage, seconds: () => number): Held {
  let kept: (() => void)[] | undefined = [];
  const told = (tell: () => void): void => {
    if (kept === undefined) tell();
    else kept.push(tell);
  };
  return {
    step: (text) => told(() => stage.step(text)),
    say(text, at = seconds()) {
      told(() => stage.say(text, at));
    },
    rise() {
      const all = kept ?? [];
      kept = undefined;
      for (const tell of all) tell();
    },
  };
}

/** Waits for the runs, and shows the comment's first line as its reader meets it. */
export async function read(world: World, pull: number, stage: Stage): Promise<void> {
  const runs = await world.settled();
  const broken = runs.filter(({ conclusion }) => conclusion === "startup_failure");
  if (broken.length > 0) throw new Error(explain(broken as RunResult[]));
  const body = await comment(world, pull).catch((error: Error) => {
    throw new Error(`${error.message}\n${explain(runs)}`);
  });
  stage.say(`#${pull}: ${asText(firstLine(body))}`);
}

/** How long a verdict may take, in milliseconds. */
const PATIENCE = 180_000;

/**
 * Waits until the comment says that it is to be reviewed now, as a person does, and shows its first line;
 * what runs for the commit with pointer and lock goes on meanwhile.
 */
export async function readOnceReady(world: World, pull: number, stage: Stage): Promise<void> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const body = await comment(world, pull).catch(() => "");
    if (body.includes("**Review now.**")) return stage.say(`#${pull}: ${asText(firstLine(body))}`);
    if (Date.now() > end)
      throw new Error(`#${pull} has no verdict to be reviewed:\n${explain(await world.settled())}`);
    await new Promise((done) => void setTimeout(done, 200));
  }
}

const firstLine = (body: string): string =>
  body.split("\n").find((text) => text !== "" && !text.startsWith("<!--")) ?? "";

/** A line of Markdown as a terminal shows it. */
const asText = (line: string): string =>
  line
    .replace(/^#+ /, "")
    .replace(/\u200b/g, "")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));

/** The one comment of ours on a pull request. */
export async function comment(world: World, pull: number): Promise<string> {
  const found: unknown = await world.ada.api("GET", `/repos/${world.repository}/issues/${pull}/comments`);
  const ours = (found as { body: string }[]).find(({ body }) => body.startsWith("<!-- trainyard:verdict"));
  if (ours === undefined) throw new Error(`no verdict stands on #${pull}`);
  return ours.body;
}

/** Keeps the page of a pull request. */
export async function page(world: World, pull: number, out: string, name: string): Promise<void> {
  const response = await fetch(`${world.github.url}/${world.repository}/pull/${pull}`, {
    headers: { authorization: `Bearer ${world.ada.token}` },
  });
  keep(out, name, await response.text());
}

/** Brings the default branch's newest commit into Ada's clone. */
export async function update(world: World): Promise<void> {
  await world.checkout.git("switch", "--quiet", "main");
  await world.checkout.git("pull", "--quiet");
}

/** GitHub's own words in a refused request's answer. */
export function reason({ message }: Error): string {
  const { message: words = message } = JSON.parse(/\{.*\}/s.exec(message)?.[0] ?? "{}") as {
    message?: string;
  };
  return words.replace(/\s+/g, " ");
}

/** A pull request as the demo looks for it. */
interface Listed {
  readonly number: number;
  readonly title: string;
  readonly head: { readonly ref: string };
}

/** The open pull request of a branch. @throws {Error} with what ran, where there is none */
export async function pullOf(world: World, branch: string, runs: readonly RunResult[]): Promise<number> {
  const found: unknown = await world.ada.api("GET", `/repos/${world.repository}/pulls?state=open`);
  const one = (found as readonly Listed[]).find(({ head }) => head.ref.startsWith(branch));
  if (one === undefined) throw new Error(`no pull request of ${branch} is open\n${explain(runs)}`);
  return one.number;
}

/** Has Ada merge a pull request, and waits for all that follows. */
export async function merge(world: World, pull: number): Promise<readonly RunResult[]> {
  const how = { merge_method: "squash" };
  await world.ada.api("PUT", `/repos/${world.repository}/pulls/${pull}/merge`, how);
  const runs = await world.settled();
  failedIn(runs);
  await update(world);
  return runs;
}

/** Stops where a run went wrong. */
export function failedIn(runs: readonly RunResult[]): void {
  const broken = runs.filter(
    ({ conclusion }) => conclusion === "startup_failure" || conclusion === "failure",
  );
  if (broken.length > 0) throw new Error(explain(broken));
}
