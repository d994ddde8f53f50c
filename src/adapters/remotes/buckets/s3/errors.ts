import { UserError } from "../../../../errors.ts";
import { Unreachable } from "../../../../ports/bucket.ts";
import { type Answer, waitAsked } from "../../cloud/connection.ts";
import { textOfElement } from "./xml.ts";

/** What a message names: the bucket, the server, and whose keys were used. */
export interface Asked {
  readonly bucket: string;
  readonly origin: string;
  readonly region: string;
  /** `AKIA…`, or undefined where nobody signed. */
  readonly keyId?: string | undefined;
  /** What was asked for: `GET files/md5/60/b7…`. */
  readonly request: string;
}

/** S3 said no, in its own words. */
export interface Refusal {
  readonly status: number;
  /** `NoSuchBucket`, or "" where the answer is not S3's. */
  readonly code: string;
  readonly message: string;
  /** The region where the bucket is, where the answer tells. */
  readonly region?: string;
}

/** Reads an answer that is an error. */
export function refusalOf({ status, headers }: Pick<Answer, "status" | "headers">, body: string): Refusal {
  const region = headers["x-amz-bucket-region"];
  const told = typeof region === "string" ? region : textOfElement(body, "Region");
  return {
    status,
    code: textOfElement(body, "Code") ?? "",
    message: (textOfElement(body, "Message") ?? "").replace(/\s+/g, " ").slice(0, 200).replace(/\.$/, ""),
    ...(told === undefined ? {} : { region: told }),
  };
}

const BUSY =
  /^(SlowDown|ServiceUnavailable|InternalError|RequestTimeout|Throttl|TooManyRequests|OperationAborted)/;

/** The error that a refusal means: something to try again, or one sentence on what is to be put right. */
export function errorOf(refusal: Refusal, headers: Answer["headers"], asked: Asked): Error {
  const { status, code, message } = refusal;
  const { bucket, origin, region, keyId, request } = asked;
  const key = keyId === undefined ? "without credentials" : `with the key ${keyId}`;

  if (status >= 500 || status === 429 || status === 408 || BUSY.test(code)) {
    if (status === 501) return new UserError(`${origin} does not know ${request}: ${message || code}`);
    return new Unreachable(`${origin} is busy: ${status} ${code || "without a reason"}`, waitAsked(headers));
  }
  switch (code) {
    case "NoSuchBucket":
      return new UserError(
        `there is no bucket "${bucket}" at ${origin}; make it, or correct the remote's url`,
      );
    case "InvalidAccessKeyId":
      return new UserError(`${origin} does not know the key ${keyId ?? ""}; use one that was made there`);
    case "SignatureDoesNotMatch":
      return new UserError(`the secret of the key ${keyId ?? ""} is not the one that ${origin} has for it`);
    case "ExpiredToken":
    case "TokenRefreshRequired":
      return new UserError(`the session of the key ${keyId ?? ""} has ended; sign in again`);
    case "InvalidToken":
      return new UserError(`the session token of the key ${keyId ?? ""} is not valid; sign in again`);
    case "RequestTimeTooSkewed":
    case "RequestExpired":
      return new UserError(
        `this machine's clock differs from that of ${origin} by more than 15 minutes; set it right${clockOf(headers)}`,
      );
    case "AuthorizationHeaderMalformed":
    case "PermanentRedirect":
    case "TemporaryRedirect":
    case "IllegalLocationConstraintException":
      return new UserError(
        `the bucket "${bucket}" is not in ${region}${refusal.region === undefined ? "" : ` but in ${refusal.region}`}; correct the remote's region`,
      );
    case "NoSuchUpload":
    case "PreconditionFailed":
      return new Unreachable(`${request} was changed by somebody else meanwhile`);
    case "InvalidObjectState":
      return new UserError(`${request} in ${bucket} is archived; restore it first`);
  }
  if (status === 401 || status === 403) {
    const hint =
      keyId === undefined
        ? "set credentials"
        : "it needs s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject";
    return new UserError(`${bucket} at ${origin} refuses ${request} ${key} (${code || status}); ${hint}`);
  }
  const said = code === "" ? "and no word of S3; is this its address?" : `${code}: ${message}`;
  return new UserError(`${origin} answers ${request} with ${status} ${said}`);
}

function clockOf({ date }: Answer["headers"]): string {
  return date === undefined ? "" : ` (it is ${date} there)`;
}

/** The bucket is not there. */
export function noBucket(bucket: string, origin: string): UserError {
  return new UserError(`there is no bucket "${bucket}" at ${origin}; make it, or correct the remote's url`);
}
