import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, it } from "node:test";
import { runCommand } from "../../../src/adapters/process/command.ts";
import { UserError } from "../../../src/errors.ts";
import type { Command } from "../../../src/ports/process.ts";

const home = mkdtempSync(join(tmpdir(), "trainyard-"));
const out = join(home, "model.onnx");
after(() => rmSync(home, { recursive: true }));
beforeEach(() => rmSync(out, { recursive: true, force: true }));

const shown: Uint8Array[] = [];
const live = { write: (bytes: Uint8Array) => shown.push(bytes) };
const run = (line: string, more: Partial<Command> = {}, surroundings = process.env) => {
  shown.length = 0;
  return runCommand({ line, folder: home, environment: {}, out, ...more }, live, surroundings);
};
const screen = () => Buffer.concat(shown).toString();

const fails = async (running: Promise<unknown>, message: RegExp, exit = 1) =>
  assert.rejects(running, (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.match(error.message, message);
    assert.equal(error.exit, exit);
    return true;
  });

// In plain shell and Node, as there may be no other program.
const WAIT = 'node -e "setTimeout(() => {}, 1e6)"';
const fs = (call: string): string => `node -e "require('fs').${call}"`;

/** Waits until something holds; the test's own time limit ends what never does. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8")); // dead, but nobody has asked
  } catch {
    return false;
  }
}

describe("a training command", () => {
  it("runs in the contract's folder with its environment, and shows what it prints as it is", async () => {
    const end = await run('pwd; echo "$TRAINYARD_SEED"; echo warn >&2; echo model > "$TRAINYARD_OUT"', {
      environment: { TRAINYARD_SEED: "7", TRAINYARD_OUT: out },
    });
    assert.equal(end.tail.split("\n").sort().join(), [home, "7", "warn"].sort().join());
    assert.equal(screen().length, `${home}\n7\nwarn\n`.length);
  });

  it("shows its output while it runs", async () => {
    const stop = new AbortController();
    const running = run(`echo started; ${WAIT}`, { signal: stop.signal });
    const ended = fails(running, /interrupted/, 130);
    await until(() => screen() === "started\n");
    stop.abort();
    await ended;
  });

  it("gets no secrets and no standard input", async () => {
    await run(
      'read -r given; echo "[$GITHUB_TOKEN][$KEPT][$given]"; echo x > model.onnx',
      {},
      { PATH: process.env.PATH, GITHUB_TOKEN: "t", KEPT: "k" },
    );
    assert.equal(screen(), "[][k][]\n");
  });

  it("fails with its exit code and its last lines", () =>
    fails(
      run("i=0; while [ $i -lt 30 ]; do i=$((i + 1)); echo line $i; done; echo model > model.onnx; exit 3"),
      /^train\.run "i=0.*" ended with exit code 3; it printed last:\n {2}line 11\n(.*\n)+ {2}line 30$/,
    ));

  it("fails where it prints nothing", () =>
    fails(run("exit 1"), /^train\.run "exit 1" ended with exit code 1; it printed nothing$/));
  it("fails where there is no such program", () =>
    fails(run("no-such-program-here"), /exit code 127; it printed last:\n.*not found/));
  it("fails where its folder is gone", () =>
    fails(run("true", { folder: join(home, "gone") }), /cannot be started/));
  it("fails where it is killed", () =>
    fails(run("kill -9 $$"), /was killed by SIGKILL, as happens when memory runs out; it printed nothing/));
  it("fails where a part of it is killed", () =>
    fails(run("sh -c 'kill -15 $$'; exit $?"), /was killed by SIGTERM/));

  it("fails where it leaves nothing", () =>
    fails(
      run("echo done"),
      /ended well but left nothing at "model\.onnx", where train\.out expects the model; it printed last:\n {2}done$/,
    ));
  it("fails where it prints nothing and leaves nothing", () =>
    fails(run("true"), /left nothing at "model\.onnx".*it printed nothing/));
  it("fails where it leaves an empty file or folder", async () => {
    await fails(run(": > model.onnx"), /left nothing/);
    rmSync(out);
    await fails(run(fs("mkdirSync('model.onnx')")), /left nothing/);
  });

  it("fails where it leaves what was there before", async () => {
    writeFileSync(out, "old");
    await fails(run("echo done"), /did not write "model\.onnx"; what is there is older/);
    await run(`printf old > model.onnx.new; ${fs("renameSync('model.onnx.new', 'model.onnx')")}`);
  });

  it("may leave a folder, of which one file is newer", async () => {
    await run(`${fs("mkdirSync('model.onnx')")}; echo a > model.onnx/a; echo b > model.onnx/b`);
    await fails(run("true"), /older/);
    await run("echo c > model.onnx/b");
  });

  it("is stopped with all that it started", async () => {
    const stop = new AbortController();
    const note = join(home, "pid");
    const ended = fails(
      run(`sh -c 'trap "" TERM; echo $$ > pid; while :; do ${WAIT}; done' & wait`, {
        signal: stop.signal,
      }),
      /interrupted/,
      130,
    );
    await until(() => existsSync(note) && readFileSync(note, "utf8").endsWith("\n"));
    const pid = Number(readFileSync(note, "utf8"));
    assert.ok(alive(pid));
    stop.abort();
    await ended;
    await until(() => !alive(pid));
  });

  it("leaves nothing running when it has ended", async () => {
    await run(`${WAIT} & echo $! > left; echo model > model.onnx`);
    const pid = Number(readFileSync(join(home, "left"), "utf8"));
    await until(() => !alive(pid));
  });

  it("is not begun once it was told to stop", async () => {
    const stop = new AbortController();
    stop.abort();
    await fails(run("echo x > never", { signal: stop.signal }), /interrupted/, 130);
    assert.equal(existsSync(join(home, "never")), false);
  });

  it("is quoted without the film of its progress bar", () =>
    fails(run(String.raw`printf '1%%\r2%%\r3%%\ndone\n'; exit 1`), /it printed last:\n {2}3%\n {2}done$/));
});
