/** TensorFlow Serving's codes, and the HTTP status of each. */
const STATUS = {
  INVALID_ARGUMENT: 400,
  NOT_FOUND: 404,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
} as const;

export type Code = keyof typeof STATUS;

/**
 * A request that gets no answer, in the words of the protocol: the caller reads them, so that they name
 * places in its request and nothing of this machine.
 *
 * @example new Refusal("NOT_FOUND", "Servable not found for request: Latest(half)").status // => 404
 */
export class Refusal extends Error {
  override readonly name: string = "Refusal";
  readonly code: Code;

  constructor(code: Code, message: string) {
    super(message);
    this.code = code;
  }

  get status(): number {
    return STATUS[this.code];
  }
}

/**
 * The protocol's body for anything that went wrong.
 *
 * @example errorBody("Missing 'inputs' or 'instances' key") // => "{\"error\":\"Missing 'inputs' or 'instances' key\"}\n"
 */
export function errorBody(message: string): string {
  return `${JSON.stringify({ error: message })}\n`;
}
