import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { temporaryFolder } from "../../../artifacts/temporary.ts";
import { freePort, needs, program, until } from "./programs.ts";

/** Why there is no OpenSSH; false where there is. */
export const noSshd = needs(
  () => [program("sshd"), program("ssh-keygen"), program("ssh-agent")],
  ["openssh-server", "openssh-client"],
);

/** An sshd of the test's own, which lets the current user in with one key. */
export interface Sshd {
  readonly port: number;
  readonly user: string;
  /** A home folder whose `.ssh` knows the server and has the key. */
  readonly home: string;
  /** The private key. */
  readonly key: string;
  /** A folder for remotes. */
  readonly folder: string;
  /** Ends every connection, as a network does. */
  cut(): void;
  stop(): Promise<void>;
}

/** Makes a key. */
export function makeKey(path: string, passphrase = ""): void {
  execFileSync(program("ssh-keygen") ?? "", [
    "-q",
    "-t",
    "ed25519",
    "-N",
    passphrase,
    "-C",
    "test",
    "-f",
    path,
  ]);
}

/** Starts an sshd on the loopback. @param more lines for its configuration */
export async function startSshd(more = ""): Promise<Sshd> {
  const place = temporaryFolder();
  const home = join(place, "home");
  const folder = join(place, "remotes");
  for (const path of [join(home, ".ssh"), folder]) mkdirSync(path, { recursive: true, mode: 0o700 });
  if (process.getuid?.() === 0 && !existsSync("/run/sshd")) mkdirSync("/run/sshd", { mode: 0o755 });
  const hostKey = join(place, "host");
  const key = join(home, ".ssh", "id_ed25519");
  makeKey(hostKey);
  makeKey(key);
  copyFileSync(`${key}.pub`, join(place, "authorized"));
  const port = await freePort();
  const config = join(place, "config");
  writeFileSync(
    config,
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${hostKey}
PidFile none
AuthorizedKeysFile ${join(place, "authorized")}
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
MaxStartups 50:30:100
Subsystem sftp internal-sftp
${more}
`,
  );
  const [type, text] = readFileSync(`${hostKey}.pub`, "utf8").split(" ");
  appendFileSync(join(home, ".ssh", "known_hosts"), `[127.0.0.1]:${port} ${type} ${text}\n`);
  const child = spawn(program("sshd") ?? "", ["-D", "-e", "-f", config], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const killed = (): void => void child.kill("SIGKILL");
  process.once("exit", killed);
  await until("sshd", async () => {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${said.join("")}`);
    return greets(port);
  });
  const children = (): readonly number[] =>
    readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8")
      .split(" ")
      .filter(Boolean)
      .map(Number);
  const cut = (): void => {
    for (const one of children()) process.kill(one, "SIGKILL");
  };
  return {
    port,
    user: userInfo().username,
    home,
    key,
    folder,
    cut,
    async stop() {
      cut();
      child.kill("SIGTERM");
      process.off("exit", killed);
      await gone;
    },
  };
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.once("data", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
