import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { add } from "../../../src/artifacts/add.ts";
import { push } from "../../../src/artifacts/push.ts";
import { digestOf, objectPath } from "../../../src/core/artifacts/digest.ts";
import { assertSound, assertVerified, KILLS, killOften, run } from "../../artifacts/killing.ts";
import { git, temporaryWorkspace, write } from "../../artifacts/temporary.ts";

/** A directory of small files, and one that is streamed. */
const FILES = {
  ...Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`d/${index}`, `${index}\n`.repeat(50)])),
  "d/large": "large".repeat(1_000_000),
};

function commit(folder: string, message: string): void {
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", message);
}

describe(`others, killed at ${KILLS} moments`, () => {
  it("verify --repair leaves each object right or as it was, and the next one repairs the rest", async () => {
    const { workspace, folder, store } = await temporaryWorkspace(FILES);
    await add(workspace, "d");
    await push(workspace);
    const names = Object.values(FILES).map((text) => digestOf(Buffer.from(text)).md5);
    const wrong = "not what its name says";
    const damage = (place: string, some: (index: number) => boolean): void => {
      for (const [index, name] of names.entries()) {
        if (!some(index)) continue;
        const path = join(place, objectPath(name));
        if (existsSync(path)) chmodSync(path, 0o644);
        writeFileSync(path, wrong);
      }
    };
    const places = [join(folder, ".dvc/cache"), store];
    let partial = 0;
    await killOften([{ folder, args: ["verify"] }], 44, {
      before(turn) {
        rmSync(join(folder, ".trainyard"), { recursive: true, force: true });
        if (turn % 4 === 3) return; // what was repaired stays so
        for (const [which, place] of places.entries()) damage(place, (index) => index % 3 === which);
      },
      async after(turn) {
        let right = 0;
        for (const place of places) {
          for (const name of names) {
            const path = join(place, objectPath(name));
            if (!existsSync(path)) continue;
            const bytes = readFileSync(path);
            const is = digestOf(bytes).md5 === name;
            assert.ok(is || bytes.toString() === wrong, `${path} is right or as it was`);
            if (is) right++;
          }
        }
        if (right < 2 * names.length) partial++;
        if (turn % 8 !== 7) return;
        await run({ folder, args: ["verify"] });
        for (const remote of [undefined, await workspace.remote()]) await assertVerified(workspace, remote);
      },
    });
    assert.ok(partial > KILLS / 10, `${partial} of ${KILLS} were interrupted in the middle`);
    for (const [path, text] of Object.entries(FILES)) {
      assert.ok(readFileSync(join(folder, path), "utf8") === text, `${path} is untouched`);
    }
  });

  it("import writes a pointer when all is there, and the next one completes", async () => {
    const library = await temporaryWorkspace(FILES);
    const { md5 } = await add(library.workspace, "d");
    await push(library.workspace);
    commit(library.folder, "data");
    const { workspace, folder } = await temporaryWorkspace();
    const importing = { folder, args: ["import", `file://${library.folder}`, "d"] };
    const forget = (): void => {
      for (const path of ["d", "d.dvc", ".gitignore", ".dvc/cache"]) {
        rmSync(join(folder, path), { recursive: true, force: true });
      }
    };
    let partial = 0;
    await killOften([importing], 45, {
      before: (turn) => turn % 4 !== 3 && forget(), // else it goes on
      async after(turn) {
        await assertSound(workspace.cache);
        if (existsSync(join(folder, "d.dvc"))) {
          assert.match(readFileSync(join(folder, "d.dvc"), "utf8"), new RegExp(md5));
          assert.equal(await workspace.cache.complete(md5), true);
        } else partial++;
        for (const [path, text] of Object.entries(FILES)) {
          if (!existsSync(join(folder, path))) continue;
          assert.ok(readFileSync(join(folder, path), "utf8") === text, `${path} is whole`);
        }
        if (turn % 4 !== 3) return;
        await run(importing);
        assert.equal((await workspace.files.named(join(folder, "d")))?.md5, md5);
        await assertVerified(workspace);
      },
    });
    assert.ok(partial > KILLS / 10, `${partial} of ${KILLS} were interrupted in the middle`);
  });

  it("merge leaves a pointer undecided or merged, and the next one decides it", async () => {
    const { workspace, folder } = await temporaryWorkspace();
    const save = async (files: Readonly<Record<string, string>>, message: string): Promise<void> => {
      write(folder, files);
      await add(workspace, "d");
      await push(workspace);
      commit(folder, message);
    };
    await save({ "d/a": "1", "d/b": "1" }, "base");
    git(folder, "checkout", "-q", "-b", "theirs");
    await save({ "d/b": "2" }, "theirs");
    git(folder, "checkout", "-q", "main");
    write(folder, { "d/b": "1" });
    await save({ "d/a": "3" }, "ours");
    const merging = { folder, args: ["merge"] };
    const anew = (): void => {
      rmSync(join(folder, ".git/index.lock"), { force: true }); // as Git says to do when its process is gone
      git(folder, "reset", "-q", "--hard");
      assert.throws(() => git(folder, "merge", "-q", "--no-edit", "theirs"));
    };
    anew();
    const undecided = readFileSync(join(folder, "d.dvc"), "utf8");
    await run(merging);
    const merged = readFileSync(join(folder, "d.dvc"), "utf8");
    assert.equal(git(folder, "diff", "--name-only", "--diff-filter=U"), "");
    let partial = 0;
    await killOften([merging], 46, {
      before: anew,
      async after() {
        const text = readFileSync(join(folder, "d.dvc"), "utf8");
        assert.ok(text === undecided || text === merged, text);
        await assertSound(workspace.cache);
        if (git(folder, "diff", "--name-only", "--diff-filter=U") === "") return;
        partial++;
        rmSync(join(folder, ".git/index.lock"), { force: true });
        await run(merging);
        assert.equal(readFileSync(join(folder, "d.dvc"), "utf8"), merged);
        assert.equal(git(folder, "diff", "--name-only", "--diff-filter=U"), "");
      },
    });
    assert.ok(partial > KILLS / 10, `${partial} of ${KILLS} were interrupted in the middle`);
  });
});
