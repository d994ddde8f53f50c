import { UserError } from "../../../../errors.ts";
import { Unreachable } from "../../../../ports/bucket.ts";

/** An error of the SDK, as far as we look at it. */
interface SdkError extends Error {
  readonly code?: string;
  readonly statusCode?: number;
  readonly details?: { readonly errorCode?: string };
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

/** The status of the answer that an error tells of. */
export function statusOf(error: unknown): number | undefined {
  return (error as SdkError).statusCode;
}

/** Whether a blob is missing, and not its container. */
export function isMissing(error: unknown): boolean {
  return statusOf(error) === 404 && codeOf(error as SdkError) !== "ContainerNotFound";
}

function codeOf({ code, details }: SdkError): string {
  return details?.errorCode ?? code ?? "";
}

/** The error that the SDK's means: something to try again, or one sentence on what is to be put right. */
export function errorOf(thrown: unknown, request: string, container: string, origin: string): Error {
  if (thrown instanceof UserError) return thrown;
  const error = thrown as SdkError;
  const { statusCode: status, name } = error;
  const code = codeOf(error);
  const said = error.message.split("\n", 1)[0]?.slice(0, 200).replace(/\.$/, "") ?? "";
  const cause = { cause: error };

  if (/Credential|Authentication(Required)?Error|AADSTS/i.test(`${name} ${code}`)) {
    return new UserError(
      `no credentials for ${origin} work (${said}); set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET, run \`az login\`, or give the remote a key`,
      cause,
    );
  }
  if (status === undefined) {
    const network =
      name === "RestError" || /^(E[A-Z]+|EAI_[A-Z]+|ERR_[A-Z_]+)$/.test(code) || said === "aborted";
    return network ? new Unreachable(`${origin} cannot be reached: ${code || said}`, cause) : error;
  }
  if (status >= 500 || status === 429 || status === 408) {
    const wait = Number(error.response?.headers?.get("retry-after"));
    const after = wait > 0 ? { after: wait * 1000 } : {};
    return new Unreachable(`${origin} is busy: ${status} ${code}`, { ...cause, ...after });
  }
  if (status === 412) return new Unreachable(`${request} was changed by somebody else meanwhile`, cause);
  if (code === "ContainerNotFound" || status === 404) {
    return new UserError(
      `there is no container "${container}" at ${origin}; make it, or correct the remote's url`,
      cause,
    );
  }
  if (/clock|Date header/i.test(said)) {
    return new UserError(`this machine's clock differs from that of ${origin}; set it right`, cause);
  }
  if (status === 401 || status === 403) {
    return new UserError(
      `"${container}" at ${origin} refuses ${request} (${code || status}); check the key, or give the role Storage Blob Data Contributor`,
      cause,
    );
  }
  if (code === "BlobArchived")
    return new UserError(`${request} in ${container} is archived; rehydrate it first`, cause);
  return new UserError(`${origin} answers ${request} with ${status} ${code || said}`, cause);
}
