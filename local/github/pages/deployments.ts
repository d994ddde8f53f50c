import type { Deployment } from "../deployments.ts";
import type { Repository, World } from "../world.ts";
import { document } from "./document.ts";
import { escapeHtml } from "./sanitize.ts";
import { moment, nameOf } from "./timeline.ts";

/** GitHub's words for a state, and its colour. */
const STATES: Readonly<Record<string, readonly [mood: string, words: string]>> = {
  success: ["good", "Active"],
  failure: ["bad", "Failure"],
  error: ["bad", "Error"],
  inactive: ["soft", "Inactive"],
  in_progress: ["wait", "In progress"],
  queued: ["wait", "Queued"],
  pending: ["wait", "Pending"],
};

const stateOf = ({ states }: Deployment): string => states.at(-1)?.state ?? "pending";

const badge = (state: string): string => {
  const [mood, words] = STATES[state] ?? ["soft", state];
  return `<span class="${mood}">● ${escapeHtml(words)}</span>`;
};

/** An address as a link, where a browser may follow it. */
const link = (url: string, words: string): string =>
  /^https?:\/\//.test(url) ? ` · <a href="${escapeHtml(url)}">${escapeHtml(words)}</a>` : "";

function payloadOf({ payload }: Deployment): string {
  const empty =
    payload === "" || (typeof payload === "object" && payload !== null && Object.keys(payload).length === 0);
  if (empty) return "";
  const text = typeof payload === "string" ? payload : JSON.stringify(payload, undefined, 2);
  return `<details class="output"><summary>Payload</summary><div class="body"><pre><code>${escapeHtml(text)}</code></pre></div></details>`;
}

function entry(deployment: Deployment): string {
  const { id, creator, createdAt, description, ref, sha, states } = deployment;
  const newest = states.at(-1);
  const of = ref === sha ? "" : `<span class="ref">${escapeHtml(ref)}</span> `;
  const words = description ?? `Deployment of ${ref === sha ? "a commit" : ref}`;
  const told = states.map(
    ({ state, description: words, at, creator: by, logUrl }) =>
      `<div class="check">${badge(state)}<span class="what">${escapeHtml(words)}</span><span class="what">${nameOf(by)} ${moment(at)}${link(logUrl, "Log")}</span></div>`,
  );
  return `<section class="card deployment" id="deployment-${id}"><div class="head">${badge(stateOf(deployment))} <b>${escapeHtml(words)}</b> ${of}<code>${escapeHtml(sha.slice(0, 7))}</code> · ${nameOf(creator)} ${moment(createdAt)} · #${id}${link(newest?.environmentUrl ?? "", "View deployment")}</div>${told.join("")}${payloadOf(deployment)}</section>`;
}

/**
 * Environments in the order in which they were first deployed to, each with its history, newest first.
 *
 * @param environment the only one to be shown, as it stands in the page's address
 */
export function deploymentsPage(world: World, repository: Repository, environment?: string): string {
  const all = [...repository.deployments.values()];
  const names = [...new Set(all.map((one) => one.environment))].filter(
    (name) => environment === undefined || encodeURIComponent(name) === environment,
  );
  const sections = names.map((name) => {
    const here = all.filter((one) => one.environment === name).toReversed();
    const active = here.filter((one) => stateOf(one) === "success").length;
    const count = `${here.length} ${here.length === 1 ? "deployment" : "deployments"}, ${active} active`;
    const to = `${world.url}/${repository.fullName}/deployments/${encodeURIComponent(name)}`;
    return `<h2 class="environment"><a href="${escapeHtml(to)}">${escapeHtml(name)}</a> <span class="soft">${count}</span></h2>${here.map(entry).join("\n")}`;
  });
  const none = '<p class="soft">Nothing was deployed yet.</p>';
  const body = `<h1 class="title">Deployments</h1><p class="meta">History by environment, newest first</p>${sections.join("\n") || none}`;
  return document(repository, `Deployments · ${repository.fullName}`, body);
}
