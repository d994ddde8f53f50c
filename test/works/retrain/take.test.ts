import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { add } from "../../../src/artifacts/add.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import { takeRefreshed } from "../../../src/works/retrain/take.ts";
import { git, silent, temporaryFolder, write } from "../../artifacts/temporary.ts";

const CONTRACT = `model: wages
task: binary-classification
data:
  sources: { rows: data/*.csv, notes: notes.csv }
  table: rows
  roles: { label: y, positive: 1 }
features: [{ scale: [a] }]
train: { with: logistic }
`;
const ROWS = "a,y\n1,0\n";

/** A repository with rows that DVC keeps and notes that Git keeps, and a folder for what is handed over. */
async function opened() {
  const folder = temporaryFolder();
  const store = temporaryFolder();
  const handed = temporaryFolder();
  git(folder, "init", "-q", "-b", "main");
  write(folder, {
    "trainyard.yaml": CONTRACT,
    ".dvc/config": `[core]\n    remote = store\n['remote "store"']\n    url = ${store}\n`,
    "data/rows.csv": ROWS,
    "notes.csv": "note\n",
  });
  const workspace = async () => openWorkspace(folder, silent());
  await add(await workspace(), join(folder, "data/rows.csv"));
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "Begin");
  const ports = { folder, workspace } as unknown as Ports;
  const files = new Map<string, string>();
  const hand = (more: Readonly<Record<string, unknown>> = {}) => {
    const list = [...files.keys()].map((path) => ({ path }));
    const texts = Object.fromEntries([...files.values()].map((text, index) => [`files/${index}`, text]));
    const document = {
      schema: "trainyard/refreshed/1",
      model: "wages",
      folder: "",
      files: list,
      gone: [],
    };
    write(handed, { ...texts, "refreshed.json": JSON.stringify({ ...document, ...more }) });
  };
  const take = () => takeRefreshed(ports, join(folder, "trainyard.yaml"), handed);
  return { folder, store, handed, files, hand, take, changes: () => git(folder, "status", "--porcelain") };
}

describe("what a refresh hands over", () => {
  it("becomes a new pointer where DVC keeps it, with its bytes in the remote, and a file where Git does", async () => {
    const { files, hand, take, store, folder } = await opened();
    files.set("data/rows.csv", `${ROWS}2,1\n`).set("notes.csv", "another note\n");
    hand({ gone: ["data/old.csv"] });
    const taken = await take();
    assert.deepEqual(taken.write.map(({ path }) => path).sort(), ["data/rows.csv.dvc", "notes.csv"]);
    assert.deepEqual(taken.gone, ["data/old.csv"]);
    const [, md5 = ""] =
      /md5: ([0-9a-f]{32})/.exec(readFileSync(join(folder, "data/rows.csv.dvc"), "utf8")) ?? [];
    assert.equal(
      readFileSync(join(store, "files/md5", md5.slice(0, 2), md5.slice(2)), "utf8"),
      `${ROWS}2,1\n`,
    );
  });

  it("is nothing where the bytes are those that were there", async () => {
    const { files, hand, take, changes } = await opened();
    files.set("data/rows.csv", ROWS);
    hand();
    assert.deepEqual((await take()).write, []);
    assert.equal(changes(), "");
  });

  const refused: readonly (readonly [what: string, path: string, message: RegExp])[] = [
    [
      "a file that is no source",
      "src/train.py",
      /"src\/train\.py" was handed over, and is no source of "wages"/,
    ],
    ["the contract", "trainyard.yaml", /"trainyard\.yaml" was handed over, and is no source/],
    ["a workflow", ".github/workflows/trainyard.yml", /was handed over, and is no source/],
    ["a path out of the repository", "../rows.csv", /"\.\.\/rows\.csv" was handed over, which /],
    ["a path through the sources' folder", "data/../../rows.csv", /was handed over, which /],
    ["an absolute path", "/tmp/rows.csv", /"\/tmp\/rows\.csv" was handed over, which /],
    ["Git's own folder", ".git/config", /"\.git\/config" was handed over, /],
    ["another system's path", "data\\..\\..\\rows.csv", /was handed over, /],
  ];
  for (const [what, path, message] of refused) {
    it(`is refused where it is ${what}`, async () => {
      const { handed, take, changes, folder } = await opened();
      write(handed, {
        "files/0": "forged\n",
        "refreshed.json": JSON.stringify({
          schema: "trainyard/refreshed/1",
          model: "wages",
          folder: "",
          files: [{ path }],
          gone: [],
        }),
      });
      await assert.rejects(take(), message);
      assert.equal(changes(), "");
      assert.equal(existsSync(join(folder, "..", "rows.csv")), false);
    });
  }

  it("is refused where it speaks of another model, or in another shape", async () => {
    const { files, hand, handed, take } = await opened();
    files.set("data/rows.csv", ROWS);
    hand({ model: "tips" });
    await assert.rejects(take(), /rows for "tips" were handed over, and "wages" is retrained/);
    for (const more of [{ schema: "trainyard/refreshed/2" }, { files: [{ path: "" }] }, { more: 1 }]) {
      hand(more);
      await assert.rejects(take(), /refreshed\.json is not what a refresh hands over/);
    }
    write(handed, { "refreshed.json": "{" });
    await assert.rejects(take(), /refreshed\.json is not what a refresh hands over/);
    rmSync(join(handed, "refreshed.json"));
    await assert.rejects(take(), /refreshed\.json is not what a refresh hands over/);
  });

  it("is refused where it is a link, a folder, or nothing", async () => {
    const { files, hand, handed, take, changes } = await opened();
    const secret = join(temporaryFolder(), "secret");
    write(join(secret, ".."), { secret: "token\n" });
    files.set("data/rows.csv", "");
    hand();
    const place = join(handed, "files/0");
    rmSync(place);
    await assert.rejects(take(), /"data\/rows\.csv" was handed over/);
    symlinkSync(secret, place);
    await assert.rejects(take(), /"data\/rows\.csv" was handed over as something else than a file/);
    rmSync(place);
    mkdirSync(place);
    await assert.rejects(take(), /"data\/rows\.csv" was handed over as something else than a file/);
    assert.equal(changes(), "");
  });

  it("is not written through a link of the repository", async () => {
    const { folder, files, hand, take } = await opened();
    const elsewhere = temporaryFolder();
    rmSync(join(folder, "data"), { recursive: true });
    symlinkSync(elsewhere, join(folder, "data"));
    files.set("data/rows.csv", `${ROWS}2,1\n`);
    hand();
    await assert.rejects(take(), /"data\/rows\.csv" lies behind a link/);
    assert.equal(existsSync(join(elsewhere, "rows.csv")), false);
  });

  it("is refused where it is too large for Git, and says what to do", async () => {
    const { files, hand, take, changes } = await opened();
    files.set("notes.csv", "n".repeat(5_000_001));
    hand();
    await assert.rejects(take(), /give it a version with `trainyard add notes\.csv` first/);
    assert.equal(changes(), "");
  });
});
