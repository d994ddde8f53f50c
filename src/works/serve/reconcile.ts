import { isAmiss, type Reconciled, standingOf } from "../../core/deployments/reconcile.ts";
import type { Served } from "../../core/deployments/served.ts";
import { UserError } from "../../errors.ts";
import type { Ports } from "../../ports/ports.ts";
import { contractPaths } from "../contract-paths.ts";
import { openContract } from "../project.ts";
import { askServed } from "./ask.ts";
import type { Source } from "./source.ts";

/** What is to be compared. */
export interface ReconcileOptions {
  /** Contract file or its folder; every contract below where absent. */
  readonly contract?: string | undefined;
  /** Only these environments; all of each contract where there are none. */
  readonly environments: readonly string[];
  /** Who says what is desired in an environment. */
  readonly source: (environment: string) => Source;
}

/** Compares what the servers of each contract's environments serve with what they should. */
export async function reconcile(
  ports: Ports,
  options: ReconcileOptions,
): Promise<{ readonly rows: readonly Reconciled[]; readonly amiss: boolean }> {
  const targets = [];
  for (const path of await contractPaths(ports, options.contract)) {
    const { contract } = await openContract(ports, path, []);
    for (const [environment, { url }] of Object.entries(contract.deploy)) {
      if (options.environments.length > 0 && !options.environments.includes(environment)) continue;
      targets.push({ model: contract.model, environment, url });
    }
  }
  const sources = new Map(
    [...new Set(targets.map(({ environment }) => environment))].map((name) => [name, options.source(name)]),
  );
  const rows = await Promise.all(
    targets.map(async ({ model, environment, url }): Promise<Reconciled> => {
      const [desired, asked] = await Promise.all([
        desiredOf(sources.get(environment) as Source, model),
        url === undefined ? undefined : askServed(ports, url, model),
      ]);
      const actual = asked === undefined ? undefined : (asked.served ?? { trouble: asked.trouble ?? "" });
      return {
        model,
        environment,
        url: url ?? null,
        desired: desired === undefined || "trouble" in desired ? null : desired,
        actual: asked?.served ?? null,
        ...standingOf(desired, actual),
      };
    }),
  );
  return { rows, amiss: rows.some(isAmiss) };
}

async function desiredOf(
  source: Source,
  model: string,
): Promise<Served | { readonly trouble: string } | undefined> {
  try {
    const target = await source.wanted(model);
    return target && { sha256: target.digest.sha256, version: target.version };
  } catch (error) {
    if (error instanceof UserError) return { trouble: error.message };
    throw error;
  }
}
