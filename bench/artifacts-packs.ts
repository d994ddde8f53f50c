import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { S3_KEYS, S3_REGION, startS3, versity } from "../test/interop/remotes/servers/s3.ts";
import { main } from "./arguments.ts";
import type { Result } from "./result.ts";

/*
 * Claim: 20,000 files of 4 KB go packed to an S3-compatible server on the loopback, and come back, with at
 * most 0.7 of the processor's work that they take one by one. The seconds of the clock are in the details:
 * on the loopback a request costs next to no time, and packs save requests.
 * SMALL_FILES in the environment makes it shorter.
 * Run: npm run build && node --import tsx bench/artifacts-packs.ts
 */

const FILES = Number(process.env.SMALL_FILES ?? 20_000);
const SHARE = 0.7;
const CLI = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const WATCHED =
  "import json,resource,subprocess,sys,time\nb=time.time()\ncode=subprocess.call(sys.argv[1:],stdout=subprocess.DEVNULL)\nr=resource.getrusage(resource.RUSAGE_CHILDREN)\nprint(json.dumps([time.time()-b,r.ru_utime+r.ru_stime,r.ru_maxrss/1024]))\nsys.exit(code)";

interface Run {
  readonly seconds: number;
  /** Seconds of the processor; the server's are not among them. */
  readonly cpu: number;
  readonly megabytes: number;
}

/** Runs a command under a small program that says afterwards what it took. */
function run(folder: string, command: readonly string[]): Run {
  const { NODE_EXTRA_CA_CERTS: _, ...own } = process.env;
  const env = { ...own, ...S3_KEYS, CI: "true" };
  const options = { cwd: folder, env, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync("python3", ["-c", WATCHED, ...command], options);
  if (status !== 0) throw new Error(`${command.join(" ")}: ${stderr}`);
  const [seconds = 0, cpu = 0, megabytes = 0] = JSON.parse(stdout) as number[];
  const round = (value: number): number => Math.round(value * 100) / 100;
  return { seconds: round(seconds), cpu: round(cpu), megabytes: Math.round(megabytes) };
}

export async function bench(): Promise<readonly Result[]> {
  const program = versity();
  if (program.skip) throw new Error(program.skip);
  const server = await startS3(program);
  const folder = mkdtempSync(join(tmpdir(), "trainyard-bench-"));
  try {
    server.bucket("packs");
    run(folder, ["git", "init", "--quiet"]);
    const sections = ["loose", "packed"].map(
      (name) =>
        `['remote "${name}"']\n    url = s3://packs/${name}\n    endpointurl = ${server.origin}\n    region = ${S3_REGION}\n`,
    );
    mkdirSync(join(folder, ".dvc"));
    writeFileSync(join(folder, ".dvc/config"), sections.join(""));
    for (let index = 0; index < FILES; index++) {
      const inner = join(folder, "data/d", String(index % 100));
      if (index < 100) mkdirSync(inner, { recursive: true });
      writeFileSync(join(inner, `${index}.bin`), randomBytes(4096));
    }
    const trainyard = (...args: readonly string[]): Run => run(folder, [process.execPath, CLI, ...args]);
    const detail: Record<string, Run> = { add: trainyard("add", "data/d") };
    for (const name of ["loose", "packed"]) {
      detail[`${name} push`] = trainyard("push", "-r", name, `--${name}`);
    }
    for (const name of ["loose", "packed"]) {
      // Aside, not away: ext4 is slow for minutes where many files were removed just before.
      renameSync(join(folder, ".dvc/cache"), join(folder, `.dvc/cache-before-${name}`));
      renameSync(join(folder, "data/d"), join(folder, `.dvc/before-${name}`));
      detail[`${name} pull`] = trainyard("pull", "-r", name);
    }
    return ["push", "pull"].map((command) => {
      const measured =
        (detail[`packed ${command}`]?.cpu ?? Number.NaN) / (detail[`loose ${command}`]?.cpu ?? Number.NaN);
      return {
        claim: `${command} of ${FILES} files of 4 KB to S3, packed against one by one`,
        measured,
        limit: SHARE,
        unit: "of the processor's seconds",
        ok: measured <= SHARE,
        detail,
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await server.stop();
  }
}

await main(import.meta.url, bench, { needs: ["python3, and versitygw, else it is built with Go"] });
