import assert from "node:assert/strict";
import type { Bench, Having } from "./forge.ts";

const MARKER = "<!-- trainyard:wages -->";

/** Pull requests, comments, labels and issues. */
export function talkContract(having: Having, bench: () => Bench): void {
  having("pulls", "knows a pull request and its two ends", async () => {
    const { forge, pull, change, main } = bench();
    const found = await forge.pulls.get(pull);
    assert.equal(found?.number, pull);
    assert.equal(found.state, "open");
    assert.equal(found.head.sha, change);
    assert.equal(found.head.ref, "change");
    assert.equal(found.head.repository, "acme/wages");
    assert.equal(found.base.sha, main);
    assert.equal(found.base.ref, "main");
    assert.equal(found.base.repositoryId, (await forge.repositoryInfo()).id);
    assert.equal(await forge.pulls.get(9999), undefined);
  });

  having("pulls", "finds open pull requests by their branch", async () => {
    const { forge, pull } = bench();
    const numbers = async (head?: string) => (await forge.pulls.open(head)).map(({ number }) => number);
    assert.deepEqual(await numbers("acme:change"), [pull]);
    assert.deepEqual(await numbers("acme:nothing-of-that-name"), []);
    assert.ok((await numbers()).includes(pull));
  });

  having(["pulls", "branches"], "opens one pull request of a branch, however often it is asked", async () => {
    const { forge, change } = bench();
    await forge.createBranch("proposal", change);
    const wanted = { title: "Propose", body: "A model", head: "proposal", base: "main" };
    const first = await forge.pulls.create(wanted);
    const second = await forge.pulls.create(wanted);
    assert.equal(second.number, first.number);
    assert.equal(first.author, (await forge.speaker()).login);
    assert.equal((await forge.pulls.open("acme:proposal")).length, 1);
  });

  having(
    ["pulls", "branches"],
    "changes a pull request in place, and finds it when it is closed",
    async () => {
      const { forge, change } = bench();
      await forge.createBranch("to-change", change);
      const wanted = { title: "Propose", body: "A model", head: "to-change", base: "main" };
      const { number } = await forge.pulls.create(wanted);
      const renamed = await forge.pulls.update(number, { title: "Propose v1.1.0", body: "Another" });
      assert.deepEqual([renamed.number, renamed.title, renamed.state], [number, "Propose v1.1.0", "open"]);
      const closed = await forge.pulls.update(number, { state: "closed" });
      assert.equal(closed.state, "closed");
      assert.equal((await forge.pulls.update(number, { state: "closed" })).state, "closed");
      assert.deepEqual(await forge.pulls.open("acme:to-change"), []);
      const next = await forge.pulls.create(wanted);
      const all = await forge.pulls.of("acme:to-change");
      assert.deepEqual(
        all.map((pull) => [pull.number, pull.state]),
        [
          [next.number, "open"],
          [number, "closed"],
        ],
      );
      assert.deepEqual(await forge.pulls.of("acme:nothing-of-that-name"), []);
    },
  );

  having("pulls of commits", "knows of no merge that brought a commit that was not merged", async () => {
    const { forge, change } = bench();
    assert.deepEqual(await forge.pulls.ofCommit(change), []);
  });

  having("files of pulls", "lists the paths that a pull request changes", async () => {
    const { forge, pull } = bench();
    assert.deepEqual(await forge.pulls.files(pull), ["data.csv"]);
  });

  having("reviews", "tells who looked at a pull request, and what they said", async () => {
    const { forge, pull, change, review } = bench();
    assert.deepEqual(await forge.pulls.reviews(pull), []);
    const by = await review(pull);
    const reviews = await forge.pulls.reviews(pull);
    assert.deepEqual(
      reviews.map(({ by, state, commit }) => ({ by, state, commit })),
      [
        { by, state: "commented", commit: change },
        { by, state: "approved", commit: change },
      ],
    );
    assert.ok(reviews.every(({ at }) => !Number.isNaN(Date.parse(at))));
  });

  having("merge base", "finds the commit at which a branch left another", async () => {
    const { forge, main, change } = bench();
    assert.equal(await forge.pulls.mergeBase("main", change), main);
  });

  having("comments", "writes one comment and keeps it up to date", async () => {
    const { forge, pull, comments } = bench();
    const body = `${MARKER}\n## The model is better\n\n| a | b |\n|---|---|\n| 1 | 2 |\n`;
    const first = await forge.comments.upsert(pull, MARKER, body);
    const again = await forge.comments.upsert(pull, MARKER, body);
    const other = await forge.comments.upsert(pull, MARKER, body.replace("better", "worse"));
    assert.deepEqual([first.outcome, again.outcome, other.outcome], ["created", "unchanged", "updated"]);
    assert.deepEqual(new Set([first.id, again.id, other.id]).size, 1);
    assert.match(first.url, /^http/);
    const found = await forge.comments.find(pull, MARKER);
    assert.equal(found?.id, first.id);
    assert.match(found.body, /worse/);
    assert.equal((await comments(pull)).filter((one) => one.body.includes(MARKER)).length, 1);
  });

  having("comments", "never edits what somebody else has pasted a marker into", async () => {
    const { forge, other, pull, comments } = bench();
    const marker = "<!-- trainyard:pasted -->";
    await other.comments.upsert(pull, marker, `${marker}\nlooks official`);
    assert.equal(await forge.comments.find(pull, marker), undefined);
    assert.equal((await forge.comments.upsert(pull, marker, `${marker}\nours`)).outcome, "created");
    const bodies = (await comments(pull)).filter((one) => one.body.includes(marker));
    assert.deepEqual(bodies.map(({ body }) => body.trim().split("\n")[1]).sort(), ["looks official", "ours"]);
  });

  having("comments", "leaves one comment where several are written at once", async () => {
    const { forge, pull, comments } = bench();
    const marker = "<!-- trainyard:at-once -->";
    await Promise.all(
      ["one", "two", "three"].map((text) => forge.comments.upsert(pull, marker, `${marker}\n${text}`)),
    );
    await forge.comments.upsert(pull, marker, `${marker}\nlast`);
    const left = (await comments(pull)).filter((one) => one.body.includes(marker));
    assert.deepEqual(
      left.map(({ body }) => body.trim()),
      [`${marker}\nlast`],
    );
  });

  having("comments", "finds its comment beyond the first hundred", async () => {
    const { forge, pull, chat, comments } = bench();
    const marker = "<!-- trainyard:far -->";
    await chat(pull, 101);
    await forge.comments.upsert(pull, marker, `${marker}\nfirst`);
    assert.equal((await forge.comments.upsert(pull, marker, `${marker}\nsecond`)).outcome, "updated");
    assert.ok((await comments(pull)).findIndex(({ body }) => body.includes(marker)) > 100);
  });

  having("reactions", "reacts once", async () => {
    const { forge, pull } = bench();
    const { id } = await forge.comments.upsert(pull, MARKER, `${MARKER}\nseen`);
    await forge.comments.react(id, "eyes");
    await forge.comments.react(id, "eyes");
  });

  having(["labels", "pulls"], "adds labels that the repository did not have, and removes them", async () => {
    const { forge, pull } = bench();
    const labels = async () => (await forge.pulls.get(pull))?.labels;
    await forge.labels.add(pull, ["model: better", "data"]);
    await forge.labels.add(pull, ["data"]);
    assert.deepEqual(await labels(), ["model: better", "data"]);
    await forge.labels.remove(pull, "data");
    await forge.labels.remove(pull, "data");
    assert.deepEqual(await labels(), ["model: better"]);
  });

  having("issues", "opens one issue, finds it by its marker, closes and opens it again", async () => {
    const { forge } = bench();
    const marker = "<!-- trainyard:drift:age -->";
    const wanted = { title: "age drifts", body: `${marker}\nA lot.`, labels: ["drift"] };
    const opened = await forge.issues.open(wanted);
    assert.equal((await forge.issues.open(wanted)).number, opened.number);
    assert.deepEqual(opened.labels, ["drift"]);
    assert.equal(opened.author, (await forge.speaker()).login);

    const closed = await forge.issues.update(opened.number, { state: "closed", reason: "completed" });
    assert.equal(closed.state, "closed");
    const [found, ...more] = await forge.issues.find(marker, ["drift"]);
    assert.deepEqual([found?.number, found?.state, more.length], [opened.number, "closed", 0]);
    const again = await forge.issues.update(opened.number, {
      state: "open",
      reason: "reopened",
      body: `${marker}\nStill.`,
      title: "age still drifts",
    });
    assert.deepEqual([again.state, again.title], ["open", "age still drifts"]);
    assert.match(again.body, /Still/);
  });

  having("issues", "says who closed an issue: a person, or itself", async () => {
    const { forge, other } = bench();
    const marker = "<!-- trainyard:drift:closed -->";
    const one = await forge.issues.open({ title: "income drifts", body: marker, labels: ["drift"] });
    const found = async () => (await forge.issues.find(marker, ["drift"]))[0];
    assert.deepEqual([one.closedBy, (await found())?.closedBy], [undefined, undefined]);

    await other.issues.update(one.number, { state: "closed", reason: "not_planned" });
    assert.equal((await found())?.closedBy, (await other.speaker()).login);
    await forge.issues.update(one.number, { body: `${marker}\nStill.` });
    assert.equal((await found())?.closedBy, (await other.speaker()).login, "who writes later did not close");

    await forge.issues.update(one.number, { state: "open", reason: "reopened" });
    assert.equal((await found())?.closedBy, undefined);
    const closed = await forge.issues.update(one.number, { state: "closed", reason: "duplicate" });
    assert.equal(closed.closedBy, (await forge.speaker()).login);
    assert.equal((await found())?.closedBy, closed.closedBy);
  });

  having("issues", "passes by issues of others, whatever they hold", async () => {
    const { forge, other } = bench();
    const marker = "<!-- trainyard:drift:pasted -->";
    await other.issues.open({ title: "fake", body: marker, labels: ["drift"] });
    assert.deepEqual(await forge.issues.find(marker, ["drift"]), []);
    assert.deepEqual(await forge.issues.find("<!-- nothing -->", ["drift"]), []);
  });
}
