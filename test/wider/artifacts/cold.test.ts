import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { add } from "../../../src/artifacts/add.ts";
import { localStatus } from "../../../src/artifacts/local-status.ts";
import { checkout, pull } from "../../../src/artifacts/pull.ts";
import { push } from "../../../src/artifacts/push.ts";
import { verify } from "../../../src/artifacts/verify.ts";
import { digestOf, objectPath } from "../../../src/core/artifacts/digest.ts";
import { ObjectDamaged } from "../../../src/ports/remote.ts";
import type { Workspace } from "../../../src/ports/workspace.ts";
import { git, silent, temporaryFolder, temporaryWorkspace } from "../../artifacts/temporary.ts";

/*
 * What docs/artifacts/cache.md says of runners that begin with nothing: a warm one saves `.dvc/cache` as
 * actions/cache does, a cold one restores it elsewhere. Whether something was hashed is told by what is in its
 * place: bytes that nobody looked at come out as they are, others are refused.
 */

const BELIEVING = { TRAINYARD_TRUST_CACHE: "true" };
const large = Buffer.alloc(3 << 20, "wages");
const { md5 } = digestOf(large);
const SMALL = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`d/${index}`, `${index}\n`]));

let folder: string;
let archive: string;

/** A runner with nothing but the repository and the restored cache, at another path. */
async function cold(
  environment: NodeJS.ProcessEnv = {},
): Promise<{ there: Workspace; object: string; at: string }> {
  const at = join(temporaryFolder(), "cold");
  git(folder, "clone", "-q", folder, at);
  execFileSync("tar", ["-xf", archive, "-P", "-C", at]);
  const there = await openWorkspace(at, silent(), environment);
  return { there, at, object: join(there.cache.url, objectPath(md5)) };
}

/** Changes an object so that nothing but its bytes tells. */
function forge(object: string): void {
  const { atimeMs, mtimeMs } = statSync(object);
  const bytes = readFileSync(object);
  bytes.write("WAGES", 1 << 20);
  chmodSync(object, 0o644);
  writeFileSync(object, bytes);
  utimesSync(object, atimeMs / 1000, mtimeMs / 1000);
  // As exactly as the archive has it.
  execFileSync("touch", ["-r", `${object}.time`, object]);
}

describe("a cache that was carried to another runner", () => {
  before(async () => {
    const made = await temporaryWorkspace({ "large.bin": large.toString(), ...SMALL });
    folder = made.folder;
    for (const path of ["large.bin", "d"]) await add(made.workspace, path);
    await push(made.workspace);
    git(folder, "add", "-A");
    git(folder, "commit", "-q", "-m", "data");
    // The warm runner: it fetches everything, and saves its cache.
    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    for (const path of ["large.bin", "d"]) rmSync(join(folder, path), { recursive: true });
    await pull(await openWorkspace(folder, silent(), BELIEVING));
    archive = join(temporaryFolder(), "cache.tar");
    execFileSync("tar", ["--posix", "-cf", archive, "-P", "-C", folder, ".dvc/cache"]);
  });

  it("is not hashed again on the way out, where it is believed, and is known afterwards", async () => {
    const { there, at, object } = await cold(BELIEVING);
    execFileSync("cp", ["-p", object, `${object}.time`]);
    forge(object);
    await checkout(there);
    const out = readFileSync(join(at, "large.bin"));
    assert.ok(!out.equals(large) && out.length === large.length, "nobody looked at its bytes");
    assert.equal(readFileSync(join(at, "d/7"), "utf8"), "7\n");
    assert.equal(statSync(join(at, "large.bin")).mode & 0o200, 0o200);
    const again = await openWorkspace(at, silent());
    assert.ok((await localStatus(again)).every(({ state }) => state === "in place"));
    assert.equal((await verify(again, undefined, { repair: false })).findings[0]?.kind, "damaged");
  });

  it("is hashed where nobody said that it is to be believed, and what is wrong is dropped", async () => {
    const { there, at, object } = await cold();
    execFileSync("cp", ["-p", object, `${object}.time`]);
    forge(object);
    await assert.rejects(checkout(there), ObjectDamaged);
    assert.equal(existsSync(join(at, "large.bin")), false);
    await pull(there);
    assert.ok(readFileSync(join(at, "large.bin")).equals(large));
  });

  it("is hashed where it was cut, or written to, or where what was taken down is damaged", async () => {
    for (const wrong of [
      (object: string) => truncateSync(object, (2 << 20) + 1),
      (object: string) => writeFileSync(object, Buffer.alloc(large.length, "other")),
      (object: string, seen: string) => {
        execFileSync("cp", ["-p", object, `${object}.time`]);
        forge(object);
        writeFileSync(seen, readFileSync(seen).subarray(0, -5));
      },
    ]) {
      const { there, object } = await cold(BELIEVING);
      chmodSync(object, 0o644);
      wrong(object, join(there.cache.url, "trainyard/seen"));
      await assert.rejects(checkout(there), ObjectDamaged);
    }
  });
});
