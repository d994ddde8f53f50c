import { UserError } from "../../errors.ts";
import type { ForgeAccess, Speaker } from "../../ports/forge.ts";
import { type Client, openClient } from "./client.ts";
import type { Patience } from "./patience.ts";

/** A repository, a token for it, and whose token that is where it is known already. */
export interface Granted {
  readonly owner: string;
  readonly name: string;
  /** Absent, only what is public can be read. */
  readonly token: string | undefined;
  readonly app: Speaker | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const NAME = /^([A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)\/([A-Za-z0-9._-]+)$/;

/**
 * What a token for a repository is, and which repository: that which is named, else the one around us.
 * Of an App it is a token of its installation, for this one repository and for an hour.
 *
 * @throws {UserError} where no repository is named, or the App is not installed there
 */
export async function grantedBy(
  access: ForgeAccess,
  environment: Environment,
  patience?: Patience,
): Promise<Granted> {
  const repository = access.repository ?? environment.GITHUB_REPOSITORY;
  if (repository === undefined || repository === "") {
    throw new UserError('no repository is named; say which one: "owner/name"');
  }
  const [, owner, name] = NAME.exec(repository) ?? [];
  if (owner === undefined || name === undefined || /^\.{1,2}$/.test(name)) {
    throw new UserError(`"${repository}" is not a repository; it is named "owner/name"`);
  }
  if (access.app === undefined) {
    const { TRAINYARD_TOKEN, GITHUB_TOKEN, GH_TOKEN } = environment;
    const token = access.token || TRAINYARD_TOKEN || GITHUB_TOKEN || GH_TOKEN;
    return { owner, name, token, app: undefined };
  }
  return { owner, name, ...(await ofApp(access.app, owner, name, environment, patience)) };
}

async function ofApp(
  app: { readonly id: string; readonly privateKey: string },
  owner: string,
  name: string,
  environment: Environment,
  patience: Patience | undefined,
): Promise<{ readonly token: string; readonly app: Speaker }> {
  const { createAppAuth } = await import("@octokit/auth-app");
  const auth = createAppAuth({ appId: app.id, privateKey: app.privateKey });
  const client = await openClient(await webToken(auth, app.id), environment, patience);
  const installation = client
    .request("GET /repos/{owner}/{repo}/installation", { owner, repo: name })
    .catch((error: unknown) => {
      if ((error as { status?: unknown }).status !== 404) throw error;
      throw new UserError(
        `the GitHub App ${app.id} is not installed on ${owner}/${name}; install it there, under Settings, GitHub Apps`,
        { cause: error },
      );
    });
  const token = installation.then(({ data }) => tokenOf(client, data.id, name));
  const [itself, granted] = await Promise.all([client.request("GET /app"), token]);
  return {
    token: granted,
    app: { login: `${itself.data?.slug}[bot]`, triggersWorkflows: true, kind: "app" },
  };
}

/** Signs in as the App itself: a web token of ten minutes. */
async function webToken(
  auth: (options: { type: "app" }) => Promise<{ readonly token: string }>,
  id: string,
): Promise<string> {
  try {
    return (await auth({ type: "app" })).token;
  } catch (error) {
    throw new UserError(
      `the private key of the GitHub App ${id} cannot be read (${(error as Error).message}); pass the whole .pem file that GitHub made`,
      { cause: error },
    );
  }
}

async function tokenOf(client: Client, installation: number, name: string): Promise<string> {
  // Asked for twice, there are two tokens, and the first ends by itself.
  const { data } = await client.once(
    async () => undefined,
    () =>
      client.request("POST /app/installations/{installation_id}/access_tokens", {
        installation_id: installation,
        repositories: [name],
      }),
  );
  return data.token;
}
