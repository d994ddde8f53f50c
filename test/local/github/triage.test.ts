import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { type Github, openGithub } from "../../../local/github/github.ts";
import { renderDeploymentsPage, renderPullPage } from "../../../local/github/pages/pages.ts";
import { person } from "../../../local/person.ts";
import { client, put, runOn } from "./client.ts";

const wages = { owner: "acme", repo: "wages" };

const MONITOR = `on:
  schedule: [{ cron: "17 3 * * *" }, { cron: "47 * * * *" }]
  workflow_dispatch:
`;

describe("the local GitHub after a merge", () => {
  let github: Github;
  let api: ReturnType<typeof client>;
  let ada: string;
  before(async () => {
    github = await openGithub();
    ada = await github.user("ada");
    await github.repository("acme/wages", { collaborators: { ada: "admin" } });
    api = client(github, ada);
  });
  after(() => github.close());

  it("lets the time of a schedule come: on the default branch, for one file", async () => {
    const path = ".github/workflows/monitor.yml";
    const sha = await put(github, ada, "acme/wages", "main", { [path]: MONITOR });
    await put(github, ada, "acme/wages", "elsewhere", { "a.txt": "a" });
    await github.schedule("acme/wages", path, "47 * * * *");
    const event = github.events.at(-1);
    assert.deepEqual(
      [event?.name, event?.sha, event?.ref, event?.startsWorkflows],
      ["schedule", sha, "refs/heads/main", true],
    );
    assert.deepEqual([event?.payload.schedule, event?.payload.workflow], ["47 * * * *", path]);
    await assert.rejects(github.schedule("acme/wages", path), /its times: 17 3 \* \* \*, 47/);
    await assert.rejects(github.schedule("acme/wages", path, "0 0 * * *"), /does not start at "0 0/);
    await assert.rejects(github.schedule("acme/wages", ".github/workflows/none.yml"), /has no \.github/);
  });

  it("starts what a merge pushes, unless a workflow's own token merged it", async () => {
    const propose = async (branch: string): Promise<number> => {
      await put(github, ada, "acme/wages", branch, { [`${branch}.txt`]: branch });
      return (await api.pulls.create({ ...wages, title: branch, head: branch, base: "main" })).data.number;
    };
    const pushed = () => github.events.findLast(({ name }) => name === "push");
    const { data } = await api.pulls.merge({ ...wages, pull_number: await propose("one") });
    assert.deepEqual(
      [pushed()?.sha, pushed()?.ref, pushed()?.actor, pushed()?.startsWorkflows],
      [data.sha, "refs/heads/main", "ada", true],
    );
    const token = github.jobToken("acme/wages", 1, { contents: "write", "pull-requests": "write" });
    const two = await propose("two");
    const { data: merged } = await client(github, token).pulls.merge({ ...wages, pull_number: two });
    assert.deepEqual([pushed()?.sha, pushed()?.startsWorkflows], [merged.sha, false]);
  });

  it("closes what a merged description or a pushed commit says, and shows it on the issue's page", async () => {
    const open = async (title: string): Promise<number> =>
      (await api.issues.create({ ...wages, title, body: "`age` moved", labels: ["drift"] })).data.number;
    const [drift, other, third] = [
      await open("<i>age</i> moved"),
      await open("Something else"),
      await open("A third"),
    ];
    await put(github, ada, "acme/wages", "retrained", { "b.txt": "b" });
    const { data: pull } = await api.pulls.create({
      ...wages,
      title: "Retrain wages",
      head: "retrained",
      base: "main",
      body: `A retrained model, closes #${drift}. See #${other}.`,
    });
    await api.issues.addLabels({ ...wages, issue_number: drift, labels: ["retrain"] });
    const labeled = github.events.at(-1);
    assert.deepEqual([labeled?.name, labeled?.payload.action], ["issues", "labeled"]);
    assert.match(JSON.stringify(labeled?.payload.label), /"name":"retrain"/);
    await api.pulls.merge({ ...wages, pull_number: pull.number, merge_method: "squash" });
    const of = async (issue_number: number) => (await api.issues.get({ ...wages, issue_number })).data;
    const closed = await of(drift);
    assert.deepEqual(
      [closed.state, closed.state_reason, closed.closed_by?.login],
      ["closed", "completed", "ada"],
    );
    assert.equal((await of(other)).state, "open");
    const checkout = await (await person(github, "ada")).clone("acme/wages");
    await checkout.write("c.txt", "c");
    await checkout.push(`Look again\n\nFixes #${third}`);
    rmSync(checkout.folder, { recursive: true, force: true });
    assert.equal((await of(third)).state, "closed");
    await api.issues.update({ ...wages, issue_number: drift, state: "open", title: "age moved again" });

    const page = await renderPullPage(github, "acme/wages", drift);
    if (process.env.PAGE) writeFileSync(`${process.env.PAGE}-issue.html`, page);
    const to = `${github.url}/acme/wages/pull/${pull.number}`;
    for (const seen of [
      '<span class="state open">Open</span>',
      'added the <span class="label">drift</span> label',
      `<span class="done">closed</span> this as completed in <a href="${to}">#${pull.number}</a>`,
      "changed the title from <del>&lt;i&gt;age&lt;/i&gt; moved</del>",
      '<span class="good">reopened</span> this',
    ]) {
      assert.ok(page.includes(seen), seen);
    }
    const merged = await renderPullPage(github, "acme/wages", pull.number);
    assert.match(merged, /<span class="done">merged<\/span> this/);
    assert.match(await renderPullPage(github, "acme/wages", third), /as completed in <code>[0-9a-f]{7}</);
    assert.deepEqual(github.violations, []);
  });

  it("keeps the history of environments, those that jobs enter, too, and shows it", async () => {
    const deploy = async (environment: string, description: string): Promise<number> => {
      const payload = { schema: "trainyard/deployment/1", model: "wages", version: "<b>v1" };
      const how = { required_contexts: [], auto_merge: false };
      const asked = { ...wages, ref: "main", environment, description, payload, ...how };
      return ((await api.repos.createDeployment(asked)).data as { id: number }).id;
    };
    const say = (deployment_id: number, state: "success", log_url = "") =>
      api.repos.createDeploymentStatus({
        ...wages,
        deployment_id,
        state,
        log_url,
        description: `is ${state}`,
      });
    const states = async (deployment_id: number): Promise<readonly string[]> =>
      (await api.repos.listDeploymentStatuses({ ...wages, deployment_id })).data.map(({ state }) => state);

    const late = await deploy("staging", "wages v1.0.0");
    const soon = await deploy("staging", "wages v1.1.0");
    await say(soon, "success", "javascript:alert(1)");
    await say(late, "success");
    assert.deepEqual(await states(soon), ["success"], "an earlier one's success does not touch a later one");
    const first = await deploy("production", "wages v1.0.0");
    await say(first, "success");
    await say(await deploy("production", "wages v1.1.0"), "success");
    assert.deepEqual(await states(first), ["success"], "those of production stay");

    const run = await runOn(github, "acme/wages");
    const tell = github.jobDeployment(run, { name: "staging", url: "https://staging.example.com" });
    tell("in_progress");
    assert.deepEqual(await states(soon), ["success"]);
    tell("success");
    assert.deepEqual(await states(soon), ["inactive", "success"], "a job's success makes others inactive");
    assert.equal(github.events.at(-1)?.startsWorkflows, false);
    const { data: listed } = await api.repos.listDeployments({ ...wages, environment: "staging" });
    assert.deepEqual(
      [listed.length, listed[0]?.creator?.login, listed[0]?.payload],
      [3, "github-actions[bot]", {}],
    );

    const page = await (await fetch(`${github.url}/acme/wages/deployments`)).text();
    assert.equal(page, renderDeploymentsPage(github, "acme/wages"));
    if (process.env.PAGE) writeFileSync(`${process.env.PAGE}-deployments.html`, page);
    for (const seen of [
      'staging</a> <span class="soft">3 deployments, 1 active</span>',
      'production</a> <span class="soft">2 deployments, 2 active</span>',
      "<b>wages v1.1.0</b>",
      "● Inactive",
      "&quot;version&quot;: &quot;&lt;b&gt;v1&quot;",
      "is success",
      'href="https://staging.example.com"',
    ]) {
      assert.ok(page.includes(seen), seen);
    }
    assert.doesNotMatch(page, /<script|javascript:|<b>v1/);
    const one = await (await fetch(`${github.url}/acme/wages/deployments/production`)).text();
    assert.equal(one, renderDeploymentsPage(github, "acme/wages", "production"));
    assert.doesNotMatch(one, /staging/);
    assert.equal((await fetch(`${github.url}/acme/wages/deployments/%zz`)).status, 200);
    assert.equal((await fetch(`${github.url}/acme/none/deployments`)).status, 404);
    assert.deepEqual(github.violations, []);
  });
});
