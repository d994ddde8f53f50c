import { HeadObjectCommand, S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { UserError } from "../../../../errors.ts";
import type { Environment } from "../../open.ts";
import type { RemoteOptions } from "../../options.ts";
import type { Credentials } from "./sign.ts";

/** Where a bucket is and how to be let in, as the AWS SDK finds both. */
export interface Place {
  readonly origin: string;
  /** What stands before each key in the path of a request: "" or `/bucket`. */
  readonly path: string;
  readonly region: string;
  /** Undefined where nothing is to be signed. Asks again when they are about to end. */
  credentials(): Promise<Credentials | undefined>;
}

/** Credentials are renewed so many milliseconds before they end. */
const RENEWAL = 5 * 60_000;
const PROBE = "trainyard-probe";

/**
 * Has the SDK work out endpoint, region and credentials with all that it knows: environment, shared files,
 * profiles, single sign-on, web identity, containers and machines. Requests are then made without it: its
 * way through each costs several times the request itself.
 *
 * @param region instead of the configured one, once a bucket has said where it is
 */
export async function findPlace(
  bucket: string,
  options: RemoteOptions,
  environment: Environment,
  region?: string,
): Promise<Place> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true"; // users cannot heed it
  for (const [name, option] of [
    ["AWS_SHARED_CREDENTIALS_FILE", "credentialpath"],
    ["AWS_CONFIG_FILE", "configpath"],
  ] as const) {
    const file = options.file(option);
    if (file !== undefined) process.env[name] ??= file; // where the SDK reads it; DVC does the same
  }
  const how = {
    anonymous: options.flag("allow_anonymous_login") ?? false,
    secure: options.flag("use_ssl") ?? true,
  };
  const config = configOf(options, environment, region, how.anonymous);
  try {
    return await place(bucket, config, how);
  } catch (error) {
    if (/region is missing/i.test((error as Error).message)) {
      return place(bucket, { ...config, region: "us-east-1" }, how); // as DVC and the AWS CLI do
    }
    throw error;
  }
}

function configOf(
  options: RemoteOptions,
  environment: Environment,
  region: string | undefined,
  anonymous: boolean,
): S3ClientConfig {
  const endpoint =
    options.text("endpointurl") ?? environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL;
  const profile = options.text("profile");
  const chosen = region ?? options.text("region") ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  const keys = anonymous ? { accessKeyId: "-", secretAccessKey: "-" } : keysOf(options, environment, profile);
  return {
    ...(chosen ? { region: chosen } : {}),
    ...(profile === undefined ? {} : { profile }),
    ...(keys === undefined ? {} : { credentials: keys }),
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    followRegionRedirects: false,
    maxAttempts: 1,
  };
}

function keysOf(
  options: RemoteOptions,
  environment: Environment,
  profile: string | undefined,
): Credentials | undefined {
  const [id, secret, token] = ["access_key_id", "secret_access_key", "session_token"].map(options.text);
  if ((id === undefined) !== (secret === undefined)) {
    throw new UserError(
      `the remote has ${id === undefined ? "secret_access_key" : "access_key_id"} alone; both belong together`,
    );
  }
  if (id !== undefined && secret !== undefined) {
    return {
      accessKeyId: id,
      secretAccessKey: secret,
      ...(token === undefined ? {} : { sessionToken: token }),
    };
  }
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment;
  if (profile !== undefined || !AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  };
}

/** Lets the SDK make a request and keeps it from sending it: what it would have asked, and whom. */
async function place(
  bucket: string,
  config: S3ClientConfig,
  { anonymous, secure }: { readonly anonymous: boolean; readonly secure: boolean },
): Promise<Place> {
  let found: { protocol: string; hostname: string; port?: number; path: string } | undefined;
  const client = new S3Client({
    ...config,
    requestHandler: {
      async handle(request: NonNullable<typeof found>) {
        found = request;
        throw new Error("kept back");
      },
    },
  });
  try {
    await client.send(new HeadObjectCommand({ Bucket: bucket, Key: PROBE }));
  } catch (error) {
    if (found === undefined) throw explained(error as Error);
  }
  const { protocol = "", hostname = "", port, path = "" } = found ?? {};
  if (!path.endsWith(`/${PROBE}`)) {
    throw new UserError(
      `"${bucket}" is a directory bucket, which needs sessions; use a general purpose bucket`,
    );
  }
  const region = await client.config.region();
  return {
    origin: `${secure ? protocol : "http:"}//${hostname}${port === undefined ? "" : `:${port}`}`,
    path: path.slice(0, -PROBE.length - 1),
    region,
    credentials: anonymous ? async () => undefined : renewed(() => client.config.credentials()),
  };
}

/** Asks once, and again shortly before the answer's end. */
function renewed(
  ask: () => Promise<Credentials & { readonly expiration?: Date }>,
): () => Promise<Credentials> {
  let known: (Credentials & { readonly expiration?: Date }) | undefined;
  return async () => {
    const ends = known?.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
    if (known === undefined || ends - Date.now() < RENEWAL) {
      try {
        known = await ask();
      } catch (error) {
        throw explained(error as Error);
      }
    }
    return known;
  };
}

function explained(error: Error): Error {
  if (error.name === "CredentialsProviderError" || /credential/i.test(error.name)) {
    const why = error.message.replace(/\s+/g, " ").slice(0, 200);
    return new UserError(
      `no credentials for S3 were found (${why}); set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or allow_anonymous_login`,
      { cause: error },
    );
  }
  if (/region is missing/i.test(error.message)) return error;
  return new UserError(`the AWS SDK cannot tell where and with which keys to go: ${error.message}`, {
    cause: error,
  });
}
