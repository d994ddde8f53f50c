import type { TokenCredential } from "@azure/identity";
import type { AnonymousCredential, ContainerClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { UserError } from "../../../../errors.ts";
import type { Environment } from "../../open.ts";
import type { RemoteOptions } from "../../options.ts";

/** Storage emulators are on this machine, with an account that everybody knows. */
const EMULATED = /^UseDevelopmentStorage=true/i;

/**
 * Opens a container with what DVC would use, in DVC's order: connection string, service principal, account
 * key, SAS token, what the machine has (environment, workload or managed identity, `az login`), nothing.
 *
 * @throws {UserError} where nothing says which account
 */
export async function containerOf(
  name: string,
  options: RemoteOptions,
  environment: Environment,
): Promise<ContainerClient> {
  const { BlobServiceClient } = await import("@azure/storage-blob");
  const tuned = {
    retryOptions: {
      maxTries: 1,
      tryTimeoutInMs: (options.number("timeout") ?? options.number("read_timeout") ?? 60) * 1000,
    },
    keepAliveOptions: { enable: true },
  };
  const connection = options.text("connection_string") ?? environment.AZURE_STORAGE_CONNECTION_STRING;
  try {
    if (connection) {
      return BlobServiceClient.fromConnectionString(connection, tuned).getContainerClient(name);
    }
  } catch (error) {
    const wrong = EMULATED.test(connection ?? "")
      ? "cannot be used"
      : "is not one: it begins with AccountName= or BlobEndpoint=";
    throw new UserError(`the connection string of the remote ${wrong}`, { cause: error });
  }
  const account = options.text("account_name") ?? environment.AZURE_STORAGE_ACCOUNT;
  if (!account) {
    throw new UserError(
      "nothing says which account of Azure to use; set account_name or connection_string of the remote, or AZURE_STORAGE_ACCOUNT",
    );
  }
  if (!/^[a-z0-9]{3,24}$/.test(account)) {
    throw options.wrong("account_name", `is "${account}"; it is 3 to 24 lower-case letters and digits`);
  }
  const { credential, query } = await credentialOf(account, options, environment);
  const service = new BlobServiceClient(
    `https://${account}.blob.core.windows.net${query}`,
    credential,
    tuned,
  );
  return service.getContainerClient(name);
}

interface Found {
  readonly credential: TokenCredential | StorageSharedKeyCredential | AnonymousCredential;
  /** A SAS token, as part of the account's address. */
  readonly query: string;
}

async function credentialOf(
  account: string,
  options: RemoteOptions,
  environment: Environment,
): Promise<Found> {
  const { AnonymousCredential, StorageSharedKeyCredential } = await import("@azure/storage-blob");
  const nobody = new AnonymousCredential();
  const [tenant, client, secret] = ["tenant_id", "client_id", "client_secret"].map(options.text);
  if (tenant && client && secret) {
    const { ClientSecretCredential } = await import("@azure/identity");
    return { credential: new ClientSecretCredential(tenant, client, secret), query: "" };
  }
  const key = options.text("account_key") ?? environment.AZURE_STORAGE_KEY;
  if (key) return { credential: new StorageSharedKeyCredential(account, key), query: "" };
  const sas = options.text("sas_token") ?? environment.AZURE_STORAGE_SAS_TOKEN;
  if (sas) return { credential: nobody, query: sas.startsWith("?") ? sas : `?${sas}` };
  if (options.flag("allow_anonymous_login")) return { credential: nobody, query: "" };
  const { DefaultAzureCredential } = await import("@azure/identity");
  return { credential: new DefaultAzureCredential(), query: "" };
}
