import type { RemoteSetting } from "../../../core/artifacts/dvc-config.ts";
import { UserError } from "../../../errors.ts";
import type { Bucket } from "../../../ports/bucket.ts";
import { askSecret } from "../ask.ts";
import type { Environment, OpenBucket } from "../open.ts";
import { type RemoteOptions, remoteOptions } from "../options.ts";
import { spend, type WebClient, webClient } from "../web/client.ts";
import {
  anonymous,
  basicCredentials,
  type Credentials,
  digestCredentials,
  headerCredentials,
} from "../web/credentials.ts";
import { webFiles } from "../web/files.ts";
import { netrcCredentials } from "../web/netrc.ts";
import { tlsOf, type WebUrl, webUrl } from "../web/place.ts";
import { refusal } from "../web/trouble.ts";

const KNOWN = [
  "ask_password",
  "auth",
  "connect_timeout",
  "custom_auth_header",
  "method",
  "password",
  "read_timeout",
  "ssl_verify",
  "user",
];
/** DVC's, in seconds. */
const TIMEOUT = 60;
const LANES = 16;

/** A remote of a web server: files under their names, to be asked for one by one. */
export const openHttp: OpenBucket = async (setting, environment, base) => {
  const options = remoteOptions(setting, KNOWN, environment, base);
  const url = webUrl(setting);
  const method = (options.text("method") ?? "POST").toUpperCase();
  if (!["POST", "PUT", "PATCH"].includes(method))
    throw options.wrong("method", `is "${options.text("method")}"; it can be POST, PUT or PATCH`);
  const client = webClient({
    root: url.root,
    credentials: await credentialsOf(setting, url, options, environment),
    tls: tlsOf(options),
    connectWithin: (options.number("connect_timeout") ?? TIMEOUT) * 1000,
    readWithin: (options.number("read_timeout") ?? TIMEOUT) * 1000,
    lanes: LANES,
    environment,
  });
  return httpBucket(client, method);
};

function httpBucket(client: WebClient, method: string): Bucket {
  const { root: url } = client;
  return {
    url,
    lanes: LANES,
    lists: false,
    ...webFiles(client),

    async write(key, bytes) {
      const answer = await client.ask(method, key, { body: bytes });
      await spend(answer);
      const { statusCode: status = 0, headers } = answer;
      if (status < 200 || status > 299) throw refusal(url, `${method} ${key}`, status, headers);
    },

    // biome-ignore lint/correctness/useYield: a bucket that does not list
    async *list() {
      throw new UserError(`${url} cannot be listed: HTTP has no question for it`);
    },

    async remove(keys) {
      for (const key of keys) {
        const answer = await client.ask("DELETE", key);
        await spend(answer);
        const { statusCode: status = 0, headers } = answer;
        const gone = (status >= 200 && status < 300) || status === 404 || status === 410;
        if (!gone) throw refusal(url, `DELETE ${key}`, status, headers);
      }
    },

    async close() {
      client.close();
    },
  };
}

async function credentialsOf(
  { name }: RemoteSetting,
  url: WebUrl,
  options: RemoteOptions,
  environment: Environment,
): Promise<Credentials> {
  const auth = options.text("auth")?.toLowerCase();
  if (auth === undefined && url.user !== "") return basicCredentials(url.user, url.password);
  if (auth === undefined) return netrcCredentials(url.hostname, environment) ?? anonymous;
  if (!["basic", "digest", "custom"].includes(auth))
    throw options.wrong("auth", `is "${options.text("auth")}"; it can be basic, digest or custom`);
  const header = options.text("custom_auth_header");
  const user = options.text("user") ?? url.user;
  if (auth === "custom" ? header === undefined : user === "")
    throw options.wrong(
      "auth",
      `is ${auth}, which needs ${auth === "custom" ? "custom_auth_header" : "user"}`,
    );
  let password = options.text("password") ?? url.password;
  if (password === "" && options.flag("ask_password"))
    password = await askSecret(
      `the password of ${auth === "custom" ? header : user} at ${url.host}`,
      `set it with \`trainyard remote modify --local ${name} password PASSWORD\``,
      environment,
    );
  if (password === "") throw options.wrong("auth", `is ${auth}, which needs password or ask_password`);
  if (auth === "custom") return headerCredentials(header ?? "", password);
  return (auth === "digest" ? digestCredentials : basicCredentials)(user, password);
}
