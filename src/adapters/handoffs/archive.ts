import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { formatBytes } from "../../core/text/bytes.ts";
import { UserError } from "../../errors.ts";
import type { Received } from "../../ports/handoff.ts";
import { openForge } from "../forge/github.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** An archive that came, in memory or as a file, and what removes the file. */
export interface Archive {
  readonly content: Uint8Array | string;
  remove(): void;
}

/**
 * The newest archive of a name that another run left, by the API.
 *
 * @returns undefined where it left none of that name
 * @throws {UserError} where it has expired, is too large, or is not what the service says it is
 */
export async function ofOtherRun(
  { name, most, digest }: Received,
  { run, token }: NonNullable<Received["from"]>,
  environment: Environment,
): Promise<Archive | undefined> {
  const { runs } = await openForge({ token }, environment);
  const all = (await runs.artifacts(run)).filter((artifact) => artifact.name === name);
  const newest = all.find(({ expired }) => !expired);
  if (newest === undefined) {
    if (all.length === 0) return undefined;
    throw new UserError(`the hand-off "${name}" of run ${run} has expired; run that workflow again`);
  }
  checkSize(name, newest.bytes, most.archive);
  const content = await runs.artifact(newest.id, most.archive);
  checkDigest(name, [newest.digest, digest], createHash("sha256").update(content).digest("hex"));
  return { content, remove: () => {} };
}

/** The newest archive of a name that this very run left: of another of its jobs, or an earlier attempt. */
export async function ofThisRun(
  { name, most, digest }: Received,
  environment: Environment,
): Promise<Archive | undefined> {
  const { default: client } = await import("@actions/artifact");
  const { artifacts } = await client.listArtifacts();
  const newest = artifacts.filter((artifact) => artifact.name === name).sort((a, b) => b.id - a.id)[0];
  if (newest === undefined) return undefined;
  checkSize(name, newest.size, most.archive);

  const place = mkdtempSync(join(environment.RUNNER_TEMP ?? tmpdir(), "trainyard-handoff-"));
  const remove = (): void => rmSync(place, { recursive: true, force: true });
  try {
    await client.downloadArtifact(newest.id, { path: place, skipDecompress: true });
    const [file, ...more] = readdirSync(place);
    if (file === undefined || more.length > 0) throw new Error(`${more.length + 1} files came of "${name}"`);
    const path = join(place, file);
    checkSize(name, statSync(path).size, most.archive);
    const hash = createHash("sha256");
    await pipeline(createReadStream(path), hash);
    checkDigest(name, [newest.digest, digest], hash.digest("hex"));
    return { content: path, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function checkSize(name: string, size: number, most: number): void {
  if (size <= most) return;
  throw new UserError(
    `the hand-off "${name}" has ${formatBytes(size)}; at most ${formatBytes(most)} are allowed`,
  );
}

/** @param expected what the service says, and what the sender said; undefined where they say nothing */
function checkDigest(name: string, expected: readonly (string | undefined)[], found: string): void {
  const other = expected.find((digest) => digest?.startsWith("sha256:") && digest !== `sha256:${found}`);
  if (other === undefined) return;
  throw new UserError(`the hand-off "${name}" came as sha256:${found}, not as ${other}; run again`);
}
