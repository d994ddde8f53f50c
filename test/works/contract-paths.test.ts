import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openPorts } from "../../src/adapters/open.ts";
import { contractPaths, hasContract } from "../../src/works/contract-paths.ts";
import { temporaryFolder, write } from "../artifacts/temporary.ts";

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
