import type { Sha256 } from "../artifacts/digest.ts";

/** Bytes of a model that somebody wants served. */
export interface Wanted {
  readonly sha256: Sha256;
  /** `v1.2.0`; undefined before the first release of these bytes. */
  readonly version: string | undefined;
  /** The forge's deployment; undefined where a checkout's desired state is followed. */
  readonly deployment: number | undefined;
}

/** How it stands with one model of a server. */
export interface ModelState {
  readonly model: string;
  readonly environment: string;
  /** What answers now, and since when. */
  readonly serving: (Wanted & { readonly since: string }) | undefined;
  /** What is wanted instead, where that is something else: on its way, or not to be had. */
  readonly coming: (Wanted & { readonly failed: boolean }) | undefined;
  /** Why what is wanted is not known or not served: one sentence. */
  readonly trouble: string | undefined;
  /** When it was last known what is wanted. */
  readonly known: string | undefined;
}

/**
 * A version's name in the protocol, which must have one: where there is no version, the beginning of the
 * digest.
 */
export const versionName = ({ version, sha256 }: Wanted): string => version ?? sha256.slice(0, 12);

/** The answer to `GET /v1/models/NAME`: TensorFlow Serving's, and what is served to the byte. */
export function statusAnswer({ environment, serving, coming, trouble }: ModelState): string {
  const entry = (of: Wanted, state: string, code: string, message: string) => ({
    version: versionName(of),
    state,
    status: { error_code: code, error_message: message },
  });
  const versions = [];
  if (serving !== undefined) versions.push(entry(serving, "AVAILABLE", "OK", ""));
  if (coming !== undefined) {
    versions.push(
      coming.failed ? entry(coming, "END", "UNAVAILABLE", trouble ?? "") : entry(coming, "LOADING", "OK", ""),
    );
  }
  return print({
    model_version_status: versions,
    ...(serving === undefined
      ? {}
      : {
          trainyard: {
            sha256: serving.sha256,
            version: serving.version ?? null,
            environment,
            deployment: serving.deployment ?? null,
            since: serving.since,
          },
        }),
  });
}

/** The answer to `GET /readyz`: 200 where every model answers, and what is wrong although it does. */
export function readiness(
  states: readonly ModelState[],
  draining: boolean,
): { readonly status: number; readonly body: string } {
  const ready = !draining && states.every(({ serving }) => serving !== undefined);
  return {
    status: ready ? 200 : 503,
    body: print({
      ready,
      ...(draining ? { draining } : {}),
      models: states.map(({ model, environment, serving, trouble, known }) => ({
        model,
        environment,
        serving: serving === undefined ? null : { version: serving.version ?? null, sha256: serving.sha256 },
        trouble: trouble ?? null,
        known: known ?? null,
      })),
    }),
  };
}

const print = (value: unknown): string => `${JSON.stringify(value)}\n`;
