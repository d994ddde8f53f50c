import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { temporaryFolder } from "../../../artifacts/temporary.ts";
import { freePort, needs, program, until } from "./programs.ts";

const MODULE = "/usr/lib/nginx/modules/ngx_http_dav_ext_module.so";

/** Why there is no nginx with WebDAV; false where there is. */
export const noNginx = needs(
  () => [program("nginx"), MODULE, program("openssl")],
  ["nginx-light", "libnginx-mod-http-dav-ext"],
);

/** An nginx of the test's own: the same files by several ways. */
export interface Nginx {
  /** `127.0.0.1:PORT`, without and with TLS. */
  readonly host: string;
  readonly secure: string;
  /** File of the certificate that the latter shows. */
  readonly certificate: string;
  /** What lies under `/`. */
  readonly folder: string;
  /** What was asked, a line each: method, path and status. */
  log(): readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts an nginx that takes PUT, DELETE and WebDAV below `/dav`; below `/private` only from `ada`
 * with the password `l0ve:lace`.
 */
export async function startNginx(): Promise<Nginx> {
  const home = temporaryFolder();
  const folder = join(home, "www");
  for (const place of ["dav", "private", "read"]) mkdirSync(join(folder, place), { recursive: true });
  const [port, tlsPort] = [await freePort(), await freePort()];
  const certificate = join(home, "certificate.pem");
  execFileSync(
    "openssl",
    [
      ...[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
      ],
      ...["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
      ...["-keyout", join(home, "key.pem"), "-out", certificate],
    ],
    { stdio: "ignore" },
  );
  const sha = createHash("sha1").update("l0ve:lace").digest("base64");
  writeFileSync(join(home, "passwords"), `ada:{SHA}${sha}\n`);
  const dav = `dav_methods PUT DELETE MKCOL COPY MOVE; dav_ext_methods PROPFIND OPTIONS; create_full_put_path`;
  writeFileSync(
    join(home, "nginx.conf"),
    `load_module ${MODULE};
${process.getuid?.() === 0 ? `user ${userInfo().username};` : ""}
daemon off; worker_processes 2; pid ${home}/pid; error_log ${home}/error.log;
events { worker_connections 512; }
http {
  default_type application/octet-stream; client_max_body_size 0;
  log_format asked '$request_method $uri $status'; access_log ${home}/access.log asked;
  client_body_temp_path ${home}/body; proxy_temp_path ${home}/proxy; fastcgi_temp_path ${home}/fastcgi;
  uwsgi_temp_path ${home}/uwsgi; scgi_temp_path ${home}/scgi;
  server {
    listen 127.0.0.1:${port}; listen 127.0.0.1:${tlsPort} ssl; root ${folder};
    ssl_certificate ${certificate}; ssl_certificate_key ${home}/key.pem;
    location /dav/ { ${dav} off; }
    location /put/ { alias ${folder}/dav/; ${dav} on; }
    location /private/ { auth_basic "models"; auth_basic_user_file ${home}/passwords; ${dav} on; }
    location /read/ { }
  }
}
`,
  );
  const child = spawn(program("nginx") ?? "nginx", ["-p", home, "-c", join(home, "nginx.conf")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const killed = (): void => void child.kill("SIGKILL");
  process.once("exit", killed);
  await until("nginx", async () => (await fetch(`http://127.0.0.1:${port}/`)).status > 0);
  return {
    host: `127.0.0.1:${port}`,
    secure: `127.0.0.1:${tlsPort}`,
    certificate,
    folder,
    log: () => readFileSync(join(home, "access.log"), "utf8").trim().split("\n"),
    async stop() {
      child.kill("SIGQUIT");
      process.off("exit", killed);
      await gone;
    },
  };
}
