import { UserError } from "../../../../errors.ts";
import type { Environment } from "../../open.ts";
import type { RemoteOptions } from "../../options.ts";

/**
 * Where Google's tokens come from: the key file that the remote names, or what the machine has (application
 * default credentials, among them a workload's identity). Whoever has a token can use it, so what the
 * machine has goes to Google's hosts alone; another host is told one that was made for the remote.
 */
export function tokensOf(
  origin: string,
  options: RemoteOptions,
  environment: Environment,
): () => Promise<string | undefined> {
  const keyFilename = options.file("credentialpath");
  const { hostname, protocol } = new URL(origin);
  const google = protocol === "https:" && /(^|\.)googleapis\.com$/.test(hostname);
  const emulated = options.text("endpointurl") === undefined && environment.STORAGE_EMULATOR_HOST;
  if (options.flag("allow_anonymous_login") || emulated || (!google && keyFilename === undefined)) {
    return async () => undefined;
  }
  if (protocol !== "https:" && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname)) {
    throw options.wrong("endpointurl", "is not https://; a token would be read on its way");
  }
  let opened: Promise<{ getAccessToken(): Promise<string | null | undefined> }> | undefined;
  return async () => {
    opened ??= open(keyFilename, options.text("projectname"));
    try {
      const token = await (await opened).getAccessToken();
      if (token) return token;
      throw new Error("an empty token was given");
    } catch (error) {
      opened = undefined;
      const why = (error as Error).message.replace(/\s+/g, " ").slice(0, 200);
      throw new UserError(
        `no credentials for Google Cloud Storage were found (${why}); set credentialpath or allow_anonymous_login, or run \`gcloud auth application-default login\``,
        { cause: error },
      );
    }
  };
}

/** What reading, writing and removing objects takes. */
const SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";

async function open(keyFilename: string | undefined, projectId: string | undefined) {
  const { GoogleAuth } = await import("google-auth-library");
  return new GoogleAuth({
    scopes: SCOPE,
    ...(keyFilename === undefined ? {} : { keyFilename }),
    ...(projectId === undefined ? {} : { projectId }),
  });
}
