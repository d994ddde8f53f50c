import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BlobServiceClient } from "@azure/storage-blob";
import type { Program } from "./go.ts";
import { type Running, started } from "./start.ts";

/** The last version that runs on Node 20. */
const VERSION = "3.35.0";

/** Microsoft's emulator of Azure Storage, installed from npm, once, into `.interop/`. */
export function azurite(): Program {
  const folder = fileURLToPath(new URL(`../../../../.interop/azurite-${VERSION}`, import.meta.url));
  const path = join(folder, "node_modules", "azurite", "dist", "src", "blob", "main.js");
  if (existsSync(path)) return { path, skip: false };
  mkdirSync(folder, { recursive: true });
  const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save", "--prefix", folder];
  const { status, stderr } = spawnSync("npm", [...args, `azurite@${VERSION}`], { encoding: "utf8" });
  const last = stderr.trim().split("\n").at(-1);
  return { path, skip: status === 0 ? false : `azurite cannot be installed from npm: ${last}` };
}

/** A running server of Azure Blob Storage. */
export interface AzureServer extends Running {
  /** What `connection_string` is to be. */
  readonly connection: string;
  /** Makes a container. */
  container(name: string): Promise<void>;
}

/** Starts the emulator over an empty folder. */
export async function startAzurite({ path }: Program): Promise<AzureServer> {
  const folder = mkdtempSync(join(tmpdir(), "trainyard-azure-"));
  const account = "trainyard";
  const key = Buffer.from("a key of a test, known to all").toString("base64");
  const running = await started(
    process.execPath,
    (port) => [
      path,
      ...["--blobHost", "127.0.0.1", "--blobPort", String(port), "--location", folder],
      ...["--silent", "--skipApiVersionCheck", "--disableTelemetry"],
    ],
    { AZURITE_ACCOUNTS: `${account}:${key}` },
  );
  const endpoint = `${running.origin}/${account}`;
  const connection = `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${endpoint};`;
  return {
    ...running,
    connection,
    async container(name) {
      await BlobServiceClient.fromConnectionString(connection).getContainerClient(name).create();
    },
    async stop() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
