/** What is sent back. `body` is JSON, `bytes` is anything else. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly bytes?: Uint8Array;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that ends the handling wherever it is found out. */
export class Refused extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

const DOCUMENTATION = "https://docs.github.com/rest";

const refusal = (status: number, message: string, more: Readonly<Record<string, unknown>> = {}): Refused =>
  new Refused({
    status,
    body: { message, ...more, documentation_url: DOCUMENTATION, status: String(status) },
  });

/** 401: no token, or one that is not known. */
export const unauthorized = (message = "Bad credentials"): Refused => refusal(401, message);

/** 403 */
export const forbidden = (message: string, headers: Readonly<Record<string, string>> = {}): Refused => {
  const { answer } = refusal(403, message);
  return new Refused({ ...answer, headers });
};

/** 404: it is not there, or may not be seen. */
export const notFound = (message = "Not Found"): Refused => refusal(404, message);

/** 405: the pull request cannot be merged. */
export const notAllowed = (message: string): Refused => refusal(405, message);

/** 409 */
export const conflict = (message: string): Refused => refusal(409, message);

/** 410: it was there. */
export const gone = (message = "Gone"): Refused => refusal(410, message);

/** One thing that is wrong with a request. */
export interface Wrong {
  readonly resource: string;
  readonly field: string;
  readonly code: "missing" | "missing_field" | "invalid" | "already_exists" | "unprocessable" | "custom";
  readonly message?: string;
}

/** 422 with what is wrong. */
export const invalid = (errors: readonly Wrong[], message = "Validation Failed"): Refused =>
  refusal(422, message, { errors });

/** 422 with a sentence. */
export const unprocessable = (message: string): Refused => refusal(422, message);

/** 200 with JSON. */
export const ok = (body: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status: 200,
  body,
  headers,
});

/** 201 with JSON. */
export const created = (body: unknown): Answer => ({ status: 201, body });

/** 204 without anything. */
export const nothing: Answer = { status: 204 };
