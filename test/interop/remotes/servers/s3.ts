import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goProgram, type Program } from "./go.ts";
import { type Running, started } from "./start.ts";

/** Keys that the server knows, as the environment tells them. */
export const S3_KEYS = { AWS_ACCESS_KEY_ID: "TRAINYARDKEY", AWS_SECRET_ACCESS_KEY: "trainyard/secret+key" };
export const S3_REGION = "eu-central-1";

/** Versity's gateway: a server that speaks S3, checks signatures, and keeps objects in a folder. */
export function versity(): Program {
  return goProgram("github.com/versity/versitygw/cmd/versitygw", "v1.8.0");
}

/** A running S3 server. */
export interface S3Server extends Running {
  /** Makes a bucket. */
  bucket(name: string): void;
}

/** Starts the gateway over an empty folder, on the disk that is named where one is. */
export async function startS3({ path }: Program, disk = tmpdir()): Promise<S3Server> {
  const folder = mkdtempSync(join(disk, "trainyard-s3-"));
  for (const part of ["objects", "versions", "about"]) mkdirSync(join(folder, part));
  const running = await started(path, (port) => [
    ...["--port", `127.0.0.1:${port}`, "--region", S3_REGION, "--keep-alive", "--quiet"],
    ...["--access", S3_KEYS.AWS_ACCESS_KEY_ID, "--secret", S3_KEYS.AWS_SECRET_ACCESS_KEY],
    ...["posix", "--versioning-dir", join(folder, "versions"), join(folder, "objects")],
  ]);
  return {
    ...running,
    bucket: (name) => mkdirSync(join(folder, "objects", name)),
    async stop() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
