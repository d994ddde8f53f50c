import assert from "node:assert/strict";
import { test } from "node:test";
import { lineProgress } from "../../../src/adapters/progress/lines.ts";

test("a log is told every ten seconds how much has passed, how fast, and how long it takes", () => {
  let now = 0;
  let log = "";
  const progress = lineProgress({ write: (text) => (log += text) }, () => now);
  const task = progress.start("pulling", 40e6, "bytes");
  for (; now <= 30_000; now += 1000) task.update(now * 1000);
  task.end();
  assert.equal(
    log,
    [
      "  pulling 25%: 10.0 MB of 40.0 MB, 1.0 MB/s, 30 s left",
      "  pulling 50%: 20.0 MB of 40.0 MB, 1.0 MB/s, 20 s left",
      "  pulling 75%: 30.0 MB of 40.0 MB, 1.0 MB/s, 10 s left",
      "",
    ].join("\n"),
  );
});

test("what is not counted in bytes is told in shares", () => {
  let now = 0;
  let log = "";
  const task = lineProgress({ write: (text) => (log += text) }, () => now).start("training", 10);
  now = 10_000;
  task.update(5, undefined, "epoch 5");
  assert.equal(log, "  training 50% epoch 5\n");
});

test("a name of a stranger's file ends no line, moves no cursor and gives no command to GitHub", () => {
  let now = 0;
  let log = "";
  const progress = lineProgress({ write: (text) => (log += text) }, () => now);
  const name = "a\n::stop-commands::x\r\u001b[2K\u009b1A\u2028\u202eb\tc";
  const shown = "a\ufffd::stop-commands::x\ufffd\ufffd[2K\ufffd1A\ufffd\ufffdb\tc";
  progress.say(name);
  const task = progress.start(name, 10);
  now = 10_000;
  task.update(5, undefined, name);
  task.end(name);
  assert.equal(log, `${shown}\n  ${shown} 50% ${shown}\n${shown}\n`);
});
