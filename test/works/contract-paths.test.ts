import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openPorts } from "../../src/adapters/open.ts";
import { contractPaths, hasContract } from "../../src/works/contract-paths.ts";
import { git, temporaryFolder, write } from "../artifacts/temporary.ts";

const REMOTE = "artifacts:\n  remote: oci://ghcr.io/acme/wages\n";

function portsOver(more: Readonly<Record<string, string>>) {
  const folder = temporaryFolder();
  write(folder, { "trainyard.yaml": REMOTE, ...more });
  return { folder, ports: openPorts({ folder, stream: process.stderr, environment: {} }) };
}

describe("a trainyard.yaml that names a remote and nothing else", () => {
  it("is no contract of which anything is missing", async () => {
    const { ports } = portsOver({});
    assert.equal(await hasContract(ports, undefined), false);
    await assert.rejects(contractPaths(ports, undefined), { exit: 2 });
  });

  it("leaves the contracts below it", async () => {
    const { ports, folder } = portsOver({ "wages/trainyard.yaml": `model: wages\n${REMOTE}` });
    assert.equal(await hasContract(ports, undefined), true);
    assert.deepEqual(await contractPaths(ports, undefined), [join(folder, "wages/trainyard.yaml")]);
  });
});

describe("a contract above", () => {
  it("is named with the words that lead to it, as far as the repository goes", async () => {
    const folder = temporaryFolder();
    git(folder, "init", "-q");
    write(folder, { "trainyard.yaml": "model: wages\n", "a/data/x.csv": "" });
    const from = (below: string) =>
      contractPaths(
        openPorts({ folder: join(folder, below), stream: process.stderr, environment: {} }),
        undefined,
      );
    await assert.rejects(from("a/data"), {
      message: "no trainyard.yaml here or below; there is one above: begin with `trainyard -C ../..`",
      exit: 2,
    });
    const ports = openPorts({ folder, stream: process.stderr, environment: {} });
    await assert.rejects(contractPaths(ports, "a"), {
      message: 'no trainyard.yaml in "a" or below; create one with `trainyard init`',
    });
    git(join(folder, "a"), "init", "-q");
    await assert.rejects(from("a/data"), {
      message: "no trainyard.yaml here or below; create one with `trainyard init`",
    });
  });
});
