import type { RemoteSetting } from "../../../core/artifacts/dvc-config.ts";
import { UserError } from "../../../errors.ts";
import type { Bucket, Entry } from "../../../ports/bucket.ts";
import { askSecret } from "../ask.ts";
import { DRAFTS, newDraft, sweeping } from "../drafts.ts";
import { inLanes } from "../lanes.ts";
import type { Environment, OpenBucket } from "../open.ts";
import { type RemoteOptions, remoteOptions } from "../options.ts";
import { spend, type WebClient, webClient } from "../web/client.ts";
import { collections } from "../web/collections.ts";
import { anonymous, basicCredentials, type Credentials, headerCredentials } from "../web/credentials.ts";
import { webFiles } from "../web/files.ts";
import { folderListing } from "../web/listing.ts";
import { netrcCredentials } from "../web/netrc.ts";
import { tlsOf, type WebUrl, webUrl } from "../web/place.ts";
import { refusal } from "../web/trouble.ts";

const KNOWN = [
  "ask_password",
  "cert_path",
  "custom_auth_header",
  "key_path",
  "password",
  "ssl_verify",
  "timeout",
  "token",
  "user",
];
/** DVC's, in seconds. */
const TIMEOUT = 30;
const LANES = 16;

/** A remote of a WebDAV server, such as Nextcloud's. */
export const openWebdav: OpenBucket = async (setting, environment, base) => {
  if (setting.options.has("bearer_token_command"))
    throw new UserError("bearer_token_command is not run: a configuration runs no commands; set token", {
      at: setting.options.get("bearer_token_command")?.at ?? setting.url.at,
    });
  const options = remoteOptions(setting, KNOWN, environment, base);
  const url = webUrl(setting);
  const within = (options.number("timeout") ?? TIMEOUT) * 1000;
  return webdavBucket(
    webClient({
      root: url.root,
      credentials: await credentialsOf(setting, url, options, environment),
      tls: tlsOf(options),
      connectWithin: within,
      readWithin: within,
      lanes: LANES,
      environment,
    }),
  );
};

function webdavBucket(client: WebClient): Bucket {
  const { root: url } = client;
  const folders = collections(client);

  async function put(key: string, bytes: Parameters<Bucket["write"]>[1]): Promise<void> {
    const answer = await client.ask("PUT", key, { body: bytes });
    await spend(answer);
    const { statusCode: status = 0, headers } = answer;
    if (status < 200 || status > 299) throw refusal(url, `PUT ${key}`, status, headers);
  }

  async function drop(key: string): Promise<void> {
    const answer = await client.ask("DELETE", key);
    await spend(answer);
    const { statusCode: status = 0, headers } = answer;
    if ((status >= 200 && status < 300) || status === 404 || status === 410) return;
    throw refusal(url, `DELETE ${key}`, status, headers);
  }

  const sweep = sweeping(
    async function* () {
      for (const { key, ...rest } of await folderListing(client, DRAFTS))
        yield { name: key.slice(DRAFTS.length + 1), ...rest };
    },
    (keys) => inLanes(LANES, keys, drop),
  );

  return {
    url,
    lanes: LANES,
    lists: true,
    ...webFiles(client),

    async write(key, bytes) {
      await folders.make(DRAFTS);
      await folders.make(key.slice(0, Math.max(0, key.lastIndexOf("/"))));
      const draft = newDraft();
      try {
        await put(draft, bytes);
        await sweep(draft);
        const headers = { destination: client.urlOf(key).href, overwrite: "T" };
        const answer = await client.ask("MOVE", draft, { headers });
        await spend(answer);
        const { statusCode: status = 0 } = answer;
        if (status < 200 || status > 299) {
          folders.forget();
          throw refusal(url, `MOVE of a new file to ${key}`, status, answer.headers);
        }
      } catch (error) {
        await drop(draft).catch(() => {}); // the first error says more
        throw error;
      }
    },

    async *list(prefix) {
      const start = prefix.slice(0, Math.max(0, prefix.lastIndexOf("/")));
      let level = [start];
      while (level.length > 0) {
        const found: Entry[] = [];
        const below: string[] = [];
        const ask = level.splice(0, 64);
        await inLanes(LANES, ask, async (folder) => {
          for (const { key, folder: isFolder, ...rest } of await folderListing(client, folder)) {
            if (isFolder && key !== DRAFTS && (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`)))
              below.push(key);
            else if (!isFolder && key.startsWith(prefix)) found.push({ key, ...rest });
          }
        });
        yield* found;
        level = [...level, ...below];
      }
    },

    async remove(keys) {
      await inLanes(LANES, keys, drop);
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
  const token = options.text("token");
  if (token !== undefined) return headerCredentials("authorization", `Bearer ${token}`);
  const user = options.text("user") ?? url.user;
  const header = options.text("custom_auth_header");
  if (user === "" && header === undefined) return netrcCredentials(url.hostname, environment) ?? anonymous;
  let password = options.text("password") ?? url.password;
  if (password === "" && options.flag("ask_password"))
    password = await askSecret(
      `the password of ${user === "" ? header : user} at ${url.host}`,
      `set it with \`trainyard remote modify --local ${name} password PASSWORD\``,
      environment,
    );
  if (user !== "") return basicCredentials(user, password);
  return headerCredentials(header ?? "", password);
}
