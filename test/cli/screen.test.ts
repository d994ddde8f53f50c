import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import { forScreen } from "../../src/cli/screen.ts";
import { temporaryWorkspace } from "../artifacts/temporary.ts";

describe("text for a terminal", () => {
  it("keeps letters, lines and tabs of every language, and no control character", () => {
    assert.equal(forScreen("é 日本 🚂\n\ta"), "é 日本 🚂\n\ta");
    for (const control of ["\u001b", "\r", "\u0007", "\u0000", "\u009b", "\u202e", "\u0008"])
      assert.equal(forScreen(`a${control}b`), "a\ufffdb");
  });

  it("keeps the colours of a report", () => {
    assert.equal(forScreen("\u001b[31mred\u001b[39m\u001b[2J"), "\u001b[31mred\u001b[39m\ufffd[2J");
  });

  it("is what the command line prints, whatever a file is called", async () => {
    const { folder } = await temporaryWorkspace({ "a\u001b[2Kb.txt": "1" });
    const add = [resolve("dist/cli.js"), "--folder", folder, "add", join(folder, "a\u001b[2Kb.txt")];
    assert.match(execFileSync("node", add, { encoding: "utf8" }), /^wrote a\ufffd\[2Kb\.txt\.dvc/);
  });
});
