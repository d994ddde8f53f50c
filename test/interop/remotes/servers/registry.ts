import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needs, program } from "./programs.ts";
import { started } from "./start.ts";

/** A real registry of this machine. */
export interface Registry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly folder: string;
  close(): Promise<void>;
}

/** The password of `servers/registry.ts`'s user, and what `htpasswd -B` makes of it. */
export const LOGIN = { user: "train", password: "open sesame" };
const HTPASSWD = "train:$2y$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW\n";

/** For `describe`'s `skip`: false, or why there is no registry here. */
export function withoutRegistry(): string | false {
  return needs(() => [program("docker-registry")], ["docker-registry"]);
}

/** Starts a registry with a folder of its own. */
export async function startRegistry({ login = false }: { readonly login?: boolean } = {}): Promise<Registry> {
  const folder = mkdtempSync(join(tmpdir(), "trainyard-registry-"));
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "htpasswd"), HTPASSWD);
  const running = await started(program("docker-registry") ?? "docker-registry", (port) => {
    writeFileSync(join(folder, "config.yml"), configuration(folder, port, login));
    return ["serve", join(folder, "config.yml")];
  });
  return {
    host: `127.0.0.1:${running.port}`,
    folder,
    async close() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, port: number, login: boolean): string {
  const auth = `auth:
  htpasswd:
    realm: trainyard
    path: ${folder}/htpasswd
`;
  return `version: 0.1
log:
  level: error
  accesslog: { disabled: true }
storage:
  filesystem: { rootdirectory: ${folder}/data }
  delete: { enabled: true }
http:
  addr: 127.0.0.1:${port}
${login ? auth : ""}`;
}
