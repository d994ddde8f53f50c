/** What a request asks for. */
export type Route =
  | { readonly kind: "predict"; readonly model: string; readonly which: Which }
  | { readonly kind: "status"; readonly model: string; readonly which: Which }
  | { readonly kind: "metadata"; readonly model: string; readonly which: Which }
  /** `:classify` and `:regress`, which are for tf.Example. */
  | { readonly kind: "unsupported"; readonly model: string; readonly verb: string }
  | { readonly kind: "health" | "ready" | "metrics" }
  | { readonly kind: "malformed" };

/** Which version is asked for: the newest one where neither is there. */
export interface Which {
  readonly version?: string;
  /** The environment's name. */
  readonly label?: string;
}

const SERVABLE = `/v1/models/([^/:]+)(?:/versions/([^/:]+)|/labels/([^/:]+))?`;
const PREDICT = new RegExp(`^${SERVABLE}:(classify|regress|predict)$`, "i");
const STATUS = new RegExp(`^${SERVABLE}(/metadata)?$`, "i");

const OWN = { "/healthz": "health", "/readyz": "ready", "/metrics": "metrics" } as const;

/**
 * What a method and a path ask for, by TensorFlow Serving's grammar.
 *
 * @example routeOf("POST", "/v1/models/wages:predict") // => { kind: "predict", model: "wages", which: {} }
 * @example routeOf("GET", "/v1/models/wages/versions/v1.2.0/metadata") // => { kind: "metadata", model: "wages", which: { version: "v1.2.0" } }
 * @example routeOf("GET", "/v1/models/wages:predict") // => { kind: "malformed" }
 */
export function routeOf(method: string, target: string): Route {
  const path = target.split("?", 1)[0] ?? "";
  if (method === "GET" || method === "HEAD") {
    if (Object.hasOwn(OWN, path)) return { kind: OWN[path as keyof typeof OWN] };
    const found = STATUS.exec(path);
    const [, model, version, label, metadata] = found ?? [];
    if (model === undefined) return { kind: "malformed" };
    return { kind: metadata === undefined ? "status" : "metadata", model, which: which(version, label) };
  }
  const [, model, version, label, verb = ""] = (method === "POST" ? PREDICT.exec(path) : null) ?? [];
  if (model === undefined) return { kind: "malformed" };
  if (verb.toLowerCase() !== "predict") return { kind: "unsupported", model, verb: verb.toLowerCase() };
  return { kind: "predict", model, which: which(version, label) };
}

const which = (version: string | undefined, label: string | undefined): Which => ({
  ...(version === undefined ? {} : { version }),
  ...(label === undefined ? {} : { label }),
});
