import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pythonWith } from "../test/interop/python.ts";
import { S3_KEYS, S3_REGION, type S3Server, startS3, versity } from "../test/interop/remotes/servers/s3.ts";
import { main } from "./arguments.ts";
import { hashedAside, least, loopback, type Run, timed } from "./least.ts";
import type { Result } from "./result.ts";

/*
 * Claims: push and pull of 20,000 files of 4 KB to an S3-compatible server on the loopback take at most a
 * fifth of what DVC takes for the same; one file of 5 GB goes at 0.8 at least of what the loopback gives.
 *
 * What the loopback gives for a large file is what the least client needs that does what each has to do, over
 * the same server and disk: the server writes the bytes and makes an md5 of each part, the client makes one md5
 * of the file on a thread of its own while it moves the bytes in parts over several connections, and after a
 * download copies them once, since cache and working tree both have them. It signs, and nothing else. We make a
 * sha256, too, as is promised of whatever leaves a machine or comes to it: where the processor has no
 * instructions for that, it takes longer than all the rest, and one core does it at the rate in the details. So
 * the same is measured with both digests, which is what this machine allows a client that keeps the promise.
 *
 * Both programs take turns on the same files, cache and server, each with a prefix of its own; the seconds
 * are those of the clock, the server's share among them, and what the processor did for the program alone is
 * in the details, of which "loopback" is for small files what Node's own client needs for the same bodies and a
 * server that keeps nothing.
 * SMALL_FILES and LARGE_MEGABYTES in the environment make it shorter. SERVER_FOLDER is where the server keeps its
 * objects: in memory (/dev/shm), its disk is no part of what is measured.
 * Run: npm run build && node --import tsx bench/artifacts-remote.ts
 */

const FILES = Number(process.env.SMALL_FILES ?? 20_000);
const MEGABYTES = Number(process.env.LARGE_MEGABYTES ?? 5000);
const TIMES = 5;
const SHARE = 0.8;
const CLI = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

interface Programs {
  readonly dvc: readonly string[];
  readonly trainyard: readonly string[];
}

const WATCHED =
  "import json,resource,subprocess,sys,time\nb=time.time()\ncode=subprocess.call(sys.argv[1:],stdout=subprocess.DEVNULL)\nr=resource.getrusage(resource.RUSAGE_CHILDREN)\nprint(json.dumps([time.time()-b,r.ru_utime+r.ru_stime,r.ru_maxrss/1024]))\nsys.exit(code)";

/** Runs a command under a small program that says afterwards what it took. */
function run(folder: string, command: readonly string[]): Run {
  const { NODE_EXTRA_CA_CERTS: _, ...own } = process.env;
  const env = { ...own, ...S3_KEYS, DVC_NO_ANALYTICS: "1", CI: "true" };
  const { status, stdout, stderr } = spawnSync("python3", ["-c", WATCHED, ...command], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${command.join(" ")}: ${stderr}`);
  const [seconds = 0, cpu = 0, megabytes = 0] = JSON.parse(stdout) as number[];
  const round = (value: number): number => Math.round(value * 100) / 100;
  return { seconds: round(seconds), cpu: round(cpu), megabytes: Math.round(megabytes) };
}

function repository(server: S3Server, bucket: string): string {
  const folder = mkdtempSync(join(tmpdir(), "trainyard-bench-"));
  server.bucket(bucket);
  run(folder, ["git", "init", "--quiet"]);
  mkdirSync(join(folder, ".dvc"));
  const sections = ["dvc", "trainyard"].map(
    (name) =>
      `['remote "${name}"']\n    url = s3://${bucket}/${name}\n    endpointurl = ${server.origin}\n    region = ${S3_REGION}\n`,
  );
  writeFileSync(join(folder, ".dvc/config"), sections.join(""));
  return folder;
}

/** What each program takes to push, and to pull into an empty repository. */
function transfer(folder: string, path: string, programs: Programs) {
  run(folder, [...programs.trainyard, "add", path]);
  const runs: Record<string, Run> = {};
  for (const name of ["dvc", "trainyard"] as const) {
    runs[`${name} push`] = run(folder, [...programs[name], "push", "-r", name]);
  }
  for (const name of ["dvc", "trainyard"] as const) {
    // Aside, not away: ext4 is slow for minutes where many files were removed just before.
    renameSync(join(folder, ".dvc/cache"), join(folder, `.dvc/cache-before-${name}`));
    renameSync(join(folder, path), join(folder, `.dvc/before-${name}`));
    runs[`${name} pull`] = run(folder, [...programs[name], "pull", "-r", name]);
  }
  return runs;
}

const of = (runs: Readonly<Record<string, Run>>, name: string): number => runs[name]?.seconds ?? Number.NaN;

async function small(server: S3Server, programs: Programs): Promise<Result[]> {
  const folder = repository(server, "small");
  try {
    for (let index = 0; index < FILES; index++) {
      const inner = join(folder, "data/d", String(index % 100));
      if (index < 100) mkdirSync(inner, { recursive: true });
      writeFileSync(join(inner, `${index}.bin`), randomBytes(4096));
    }
    const detail = { ...(await loopback(FILES, 4096)), ...transfer(folder, "data/d", programs) };
    return ["push", "pull"].map((command) => {
      const measured = of(detail, `dvc ${command}`) / of(detail, `trainyard ${command}`);
      return {
        claim: `${command} of ${FILES} files of 4 KB to S3, against DVC`,
        measured,
        limit: TIMES,
        unit: "× as fast",
        ok: measured >= TIMES,
        detail,
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function large(server: S3Server, programs: Programs): Promise<Result[]> {
  const folder = repository(server, "large");
  try {
    const path = join(folder, "large.bin");
    const file = openSync(path, "w");
    for (let done = 0; done < MEGABYTES; done += 10) writeSync(file, randomBytes(10e6));
    closeSync(file);
    const bare = await least(server, path, ["md5"]);
    const both = await least(server, path, ["md5", "sha256"]);
    const detail: Record<string, Run> = {
      "loopback push": bare.push,
      "loopback pull": bare.pull,
      "loopback push with sha256": both.push,
      "loopback pull with sha256": both.pull,
      "sha256 on one core": await timed(() => hashedAside(path, "sha256")),
      ...transfer(folder, "large.bin", programs),
    };
    const claims = ["", " with sha256"].flatMap((which) =>
      ["push", "pull"].map((command) => ({ command, which })),
    );
    return claims.map(({ command, which }) => {
      const measured = of(detail, `loopback ${command}${which}`) / of(detail, `trainyard ${command}`);
      return {
        claim: `${command} of one file of ${MEGABYTES} MB to S3, against the loopback${which}`,
        measured,
        limit: SHARE,
        unit: "of its speed",
        ok: measured >= SHARE,
        detail,
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function bench(): Promise<Result[]> {
  if (!existsSync(CLI)) throw new Error("dist/cli.js is missing; run npm run build");
  const { python, skip } = pythonWith("dvc-3.67.1-remotes", ["dvc[s3]==3.67.1"], ["dvc", "dvc_s3"]);
  const gateway = versity();
  const reason = skip || gateway.skip;
  if (reason) throw new Error(reason);
  const server = await startS3(gateway, process.env.SERVER_FOLDER);
  const programs = { dvc: [python, "-m", "dvc"], trainyard: [process.execPath, CLI] };
  try {
    return [
      ...(FILES > 0 ? await small(server, programs) : []),
      ...(MEGABYTES > 0 ? await large(server, programs) : []),
    ];
  } finally {
    await server.stop();
  }
}

await main(import.meta.url, bench, {
  needs: ["python3 with venv, DVC, else it is installed from PyPI, and versitygw, else it is built with Go"],
});
