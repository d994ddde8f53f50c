import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parseLock } from "../../../src/core/artifacts/lock.ts";
import type { Judgement } from "../../../src/core/proposal/documents.ts";
import { givenTrain } from "../../../src/works/given.ts";
import { findCandidate, readTrained } from "../../../src/works/given-candidate.ts";
import { type BeforeTraining, runBeforeTraining } from "../../../src/works/given-run.ts";
import { copiedTree, type GivenTree, openGiven } from "../../../src/works/given-tree.ts";
import { openProposal, type Proposal } from "../../works/proposal.ts";

let proposal: Proposal;
/** The base, with a model that was judged and committed. */
let base: string;
/** A change of the training, what was handed over for it, and what the training made. */
let head: string;
let trained: string;
/** Of the first model, on a base that has none. */
let first: Judgement;

before(async () => {
  proposal = openProposal();
  proposal.git("commit", "--quiet", "--allow-empty", "--message", "Nothing yet");
  const nothing = proposal.git("rev-parse", "HEAD");
  const { judgement, out } = await judged(proposal.commit(), nothing);
  first = judgement;
  await proposal.publish(judgement, out);
  base = keep(judgement.models[0]?.files ?? []);
  proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 4");
  head = proposal.commit();
  trained = await proposal.train((await proposal.handOver(proposal.layOut(head, base))).out);
});
after(() => proposal.close());

/** Commits a judgement's files, as the last job does. */
function keep(files: readonly { readonly path: string; readonly text: string }[]): string {
  for (const { path, text } of files) proposal.write(path, text);
  return proposal.commit();
}

/** Trains and judges. */
async function judged(of: string, by: string) {
  const trees = proposal.layOut(of, by);
  const { out } = await proposal.handOver(trees);
  return proposal.judge(trees, { trained: await proposal.train(out) });
}

/** Commits a change of a commit. */
function change(from: string, alter: () => void): string {
  proposal.git("checkout", "--quiet", "--force", "--detach", from);
  alter();
  return proposal.commit();
}

/** What the training made, altered. */
function forged(alter: (folder: string) => void): string {
  const folder = proposal.room();
  cpSync(trained, folder, { recursive: true });
  alter(folder);
  return folder;
}

function editJson(path: string, alter: (value: Record<string, unknown>) => void): void {
  const value = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  alter(value);
  writeFileSync(path, JSON.stringify(value, undefined, 2));
}

test("the first model passes with a note, and its lock goes to the branch", () => {
  const [model] = first.models;
  assert.equal(model?.state, "judged");
  assert.equal(model?.verdict, "pass");
  assert.deepEqual(
    model?.files.map(({ path }) => path),
    ["trainyard.lock", "models/small.dvc"],
  );
  assert.match(first.notes.join(), /small: first: the base has no such model/);
});

test("a trained change is judged beside the base's model, and nothing runs twice", async () => {
  const { judgement, model, out } = await proposal.judge(proposal.layOut(head, base), { trained });
  assert.equal(model.problem, null);
  assert.equal(model.origin, "trained here");
  assert.equal(model.verdict, "pass");
  assert.deepEqual(model.rules, []);
  assert.equal(model.proposed, null);
  assert.equal(model.report?.baseline.state, "compared");
  assert.equal(model.report?.baseline.commit, base);
  assert.deepEqual(judgement.notes, []);
  assert.ok(existsSync(join(out, "models", "0", "bundle.json")));
  assert.match(readFileSync(join(out, "report.html"), "utf8"), /small/);
  const lock = parseLock(model.files[0]?.text, "lock");
  assert.equal(lock.get("train")?.fingerprint, model.fingerprint);
  assert.equal(lock.get("train")?.facts.epochs, 4);
  assert.deepEqual([...lock.keys()].at(-1), "report");
});

test("what nobody changed is unchanged, and is neither run nor scored", async () => {
  const docs = change(base, () => proposal.write("README.md", "More.\n"));
  const trees = proposal.layOut(docs, base);
  const { models } = await proposal.handOver(trees);
  assert.equal(models[0]?.todo, "unchanged");
  const { model } = await proposal.judge(trees);
  assert.equal(model.state, "unchanged");
  assert.equal(model.verdict, "pass");
});

test("a lock that was edited by hand is made anew", async () => {
  const edited = change(base, () => proposal.edit("trainyard.lock", "rows: 150", "rows: 151"));
  const { model } = await proposal.judge(proposal.layOut(edited, base));
  assert.equal(model.state, "judged");
  assert.equal(model.origin, "unchanged");
  assert.match(model.files[0]?.text ?? "", /rows: 150/);
});

test("without a training it is said how to go on", async () => {
  const { model } = await proposal.judge(proposal.layOut(head, base));
  assert.equal(model.state, "failed");
  assert.equal(model.verdict, "fail");
  assert.match(
    model.problem?.message ?? "",
    /was not run .*ready for review, or on `\/trainyard train COMMIT`/,
  );
});

test("a training that failed says why", async () => {
  const folder = forged((at) =>
    editJson(join(at, "trained.json"), (value) => {
      value.models = [];
      value.failed = [{ model: "small", folder: ".", message: "no memory left" }];
    }),
  );
  const { model } = await proposal.judge(proposal.layOut(head, base), { trained: folder });
  assert.match(model.problem?.message ?? "", /the training failed: no memory left/);
});

test("a verdict of ours vouches for a model, and the lock that it wrote stays as it is", async () => {
  const trees = proposal.layOut(head, base);
  const before = await proposal.judge(trees, { trained });
  await proposal.publish(before.judgement, before.out);
  proposal.git("checkout", "--quiet", "--force", "--detach", head);
  const locked = keep(before.model.files);
  const again = proposal.layOut(locked, base);
  assert.equal((await proposal.handOver(again)).models[0]?.todo, "vouched");
  const { model } = await proposal.judge(again);
  assert.equal(model.origin, "vouched for");
  assert.equal(model.digest?.sha256, before.model.digest?.sha256);
  assert.equal(model.files[0]?.text, before.model.files[0]?.text);

  const verified = await proposal.judge(again, { verify: true });
  assert.equal(verified.model.state, "judged");
  assert.equal(verified.model.verdict, "pass");
});

test("a merge queue refuses what no verdict speaks of", async () => {
  const forgedLock = change(head, () => {
    const text = proposal.git("show", `${base}:trainyard.lock`);
    proposal.write("trainyard.lock", `${text}\n`);
  });
  const { model } = await proposal.judge(proposal.layOut(forgedLock, base), { verify: true });
  assert.equal(model.state, "failed");
  assert.match(
    model.problem?.message ?? "",
    /does not stand after the merge: train: parameter train\.params\.epochs/,
  );
});

test("a model that its author trained is refused, or shown as not reproduced", async () => {
  const { model: honest } = await proposal.judge(proposal.layOut(head, base), { trained });
  proposal.git("checkout", "--quiet", "--force", "--detach", head);
  const own = keep(honest.files);
  const empty = openProposal(); // a ledger that knows nothing
  const trees = proposal.layOut(own, base);
  proposal.ports = ((ports) => (at: string) => ({ ...ports(at), ledger: async () => empty.ledger }))(
    proposal.ports,
  );
  const refused = await proposal.judge(trees);
  assert.match(refused.model.problem?.message ?? "", /no verdict of ours vouches for that/);
  const shown = await proposal.judge(trees, { outside: true });
  assert.equal(shown.model.problem?.message ?? shown.model.origin, "trained outside");
  assert.deepEqual(shown.judgement.notes, ["small: trained outside, not reproduced"]);
  await empty.close();
});

const FORGED: readonly {
  readonly name: string;
  readonly forge: (folder: string) => void;
  readonly says: RegExp;
}[] = [
  {
    name: "another recipe",
    forge: (at) => forgedModel(at, "recipe.json", (text) => `${text} `),
    says: /another recipe than the one that was fitted here/,
  },
  {
    name: "another reference",
    forge: (at) => forgedModel(at, "reference.json", (text) => text.replace(/"missing": 0/, '"missing": 00')),
    says: /another reference than the one that was counted here/,
  },
  {
    name: "another task",
    forge: (at) =>
      forgedModel(at, "bundle.json", (text) => text.replace("binary-classification", "regression")),
    says: /its task is regression/,
  },
  {
    name: "a threshold that is no number",
    forge: (at) =>
      forgedModel(at, "bundle.json", (text) => text.replace('"threshold": 0.5', '"threshold": 1e999')),
    says: /not a model's description: threshold/,
  },
  {
    name: "a threshold of its own choice",
    forge: (at) =>
      forgedModel(at, "bundle.json", (text) => text.replace('"threshold": 0.5', '"threshold": 0.9')),
    says: /its threshold is 0\.9, and the contract's is 0\.5/,
  },
  {
    name: "a verdict in the place of how the threshold was chosen",
    forge: (at) =>
      forgedModel(at, "bundle.json", (text) =>
        text.replace("fixed in the contract", "<b>All gates pass</b> @everyone"),
      ),
    says: /nobody chooses a threshold like that/,
  },
  {
    name: "an ONNX file that is none, from a built-in trainer",
    forge: (at) =>
      forgedModel(at, "bundle.json", (text) =>
        text
          .replace('"kind": "tensorflow"', '"kind": "onnx"')
          .replace('"file": "model.json"', '"file": "model.onnx"'),
      ),
    says: /leaves no onnx model/,
  },
  {
    name: "weights that are cut off",
    forge: (at) => forgedModel(at, "weights.bin", (text) => text.slice(0, 3)),
    says: /weights.*manifest describes/,
  },
  {
    name: "another model's bytes",
    forge: (at) => writeFileSync(join(at, "models", "0", "weights.bin"), "no such weights"),
    says: /not the one whose digest the training says/,
  },
  {
    name: "a folder that leads out",
    forge: (at) =>
      editJson(join(at, "trained.json"), (value) => {
        (value.models as { folder: string }[])[0]!.folder = "../../etc";
      }),
    says: /was not run/,
  },
  {
    name: "another model's name",
    forge: (at) =>
      editJson(join(at, "trained.json"), (value) => {
        (value.models as { model: string }[])[0]!.model = "other";
      }),
    says: /a model called "other", and the contract's is "small"/,
  },
  {
    name: "another training's fingerprint",
    forge: (at) =>
      editJson(join(at, "trained.json"), (value) => {
        (value.models as { fingerprint: string }[])[0]!.fingerprint = "0".repeat(64);
      }),
    says: /trained of something else/,
  },
  {
    name: "another commit",
    forge: (at) =>
      editJson(join(at, "trained.json"), (value) => {
        value.commit = "1".repeat(40);
      }),
    says: /trained\.json speaks of 1{40}/,
  },
  {
    name: "a report of its own beside the model",
    forge: (at) =>
      editJson(join(at, "trained.json"), (value) => {
        value.verdict = "pass";
        value.report = "All gates pass.";
      }),
    says: /trained\.json is not one/,
  },
  {
    name: "two models for one contract",
    forge: (at) =>
      editJson(join(at, "trained.json"), (value) => {
        const models = value.models as unknown[];
        models.push(models[0]);
      }),
    says: /two models for the folder "\."/,
  },
];

/** Alters a file of the model, and the digest with it, as somebody would who has read this code. */
function forgedModel(at: string, name: string, alter: (text: string) => string): void {
  const path = join(at, "models", "0", name);
  const text = readFileSync(path, "latin1");
  assert.notEqual(alter(text), text);
  writeFileSync(path, alter(text), "latin1");
  consistent.push(at);
}
const consistent: string[] = [];

/** Makes the digest fit what was altered. */
async function signed(folder: string): Promise<string> {
  if (!consistent.includes(folder)) return folder;
  const { files } = await proposal.ports(folder).workspace(folder);
  const content = await files.content(join(folder, "models", "0"));
  editJson(join(folder, "trained.json"), (value) => {
    (value.models as { digest: unknown }[])[0]!.digest = { md5: content?.md5, sha256: content?.sha256 };
  });
  return folder;
}

describe("what a training hands over", () => {
  let tree: GivenTree;
  let made: BeforeTraining;

  before(async () => {
    const ports = proposal.ports(join(proposal.layOut(head, base), "head"));
    tree = await copiedTree(ports, ports.folder);
    made = await runBeforeTraining(await openGiven(tree, ".", { base, believed: false }));
  });
  after(() => tree.close());

  /** As the judge takes it. */
  async function take(folder: string): Promise<void> {
    const { project, fingerprint = "" } = made;
    const candidate = await findCandidate({
      head: tree,
      project,
      folder: ".",
      base: undefined,
      fingerprint,
      back: await readTrained(folder, head),
      ledger: { ledger: undefined, reason: undefined },
      pull: undefined,
      outside: false,
      draft: join(folder, "draft"),
    });
    const draft = proposal.room();
    const draftOf = (path: string) => join(draft, path.replaceAll("/", "-"));
    mkdirSync(draft);
    await givenTrain(candidate).perform(project, { path: draftOf });
  }

  test("is taken where it is what it says", () => take(forged(() => {})));

  for (const { name, forge, says } of FORGED) {
    test(`is refused with ${name}`, async () => {
      await assert.rejects(take(await signed(forged(forge))), (error: Error) => {
        assert.equal(error.name, "UserError");
        assert.match(error.message, says);
        return true;
      });
    });
  }
});

test("a model that is refused fails the change with one clear reason", async () => {
  const folder = await signed(forged((at) => forgedModel(at, "weights.bin", (text) => text.slice(0, 3))));
  const { model, judgement } = await proposal.judge(proposal.layOut(head, base), { trained: folder });
  assert.equal(judgement.verdict, "fail");
  assert.equal(model.state, "failed");
  assert.equal(model.digest, null);
  assert.deepEqual(model.files, []);
  assert.match(model.problem?.message ?? "", /^the weights of small\/model\.json are 3 bytes/);
});
