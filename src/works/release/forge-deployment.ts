import { type Payload, parsePayload } from "../../core/deployments/documents.ts";
import type { Deployment, Forge } from "../../ports/forge.ts";

/** Deployments into an environment that are of one model, the newest first. */
export async function ownDeployments(
  forge: Forge,
  { environment, model }: Pick<Payload, "environment" | "model">,
): Promise<readonly Deployment[]> {
  const all = await forge.deployments.list(environment);
  return all.filter(({ payload }) => parsePayload(payload)?.model === model).sort((a, b) => b.id - a.id);
}

/** Whether a deployment is one of these bytes that is under way, or was, and not taken back. */
function isOf({ payload: found, state }: Deployment, wanted: Payload): boolean {
  const payload = parsePayload(found);
  return (
    payload !== undefined &&
    payload.sha256 === wanted.sha256 &&
    payload.md5 === wanted.md5 &&
    payload.version === wanted.version &&
    payload.folder === wanted.folder &&
    state !== "inactive" &&
    state !== "error"
  );
}

/**
 * The one deployment of these bytes: the newest one of the model where it is of them, taken up where an
 * earlier attempt left it, else a new one. Where two runs make one at the same moment, the older one stays.
 *
 * @param ref the commit whose desired state it is
 */
export async function oneDeployment(
  forge: Forge,
  ref: string,
  payload: Payload,
  { production, description }: { readonly production: boolean; readonly description: string },
): Promise<Deployment> {
  const [newest] = await ownDeployments(forge, payload);
  if (newest !== undefined && isOf(newest, payload)) return newest;
  const { environment } = payload;
  const made = await forge.deployments.create({ ref, environment, production, description, payload });
  const all = await ownDeployments(forge, payload);
  const other = all.findIndex((one) => !isOf(one, payload) && one.id < made.id);
  const same = (other < 0 ? all : all.slice(0, other)).filter((one) => isOf(one, payload));
  const kept = same.at(-1) ?? made;
  if (kept.id !== made.id) {
    const doubled = `Made twice at one moment; see deployment ${kept.id}`;
    await forge.deployments.status(made.id, { state: "inactive", description: doubled });
  }
  return kept;
}

/** Marks what served before as past: several models share an environment, so that the forge cannot. */
export async function retireOthers(forge: Forge, kept: Deployment, payload: Payload): Promise<void> {
  for (const { id, state } of await ownDeployments(forge, payload)) {
    if (id >= kept.id || (state !== "success" && state !== "in_progress")) continue;
    const description = `${payload.version} took its place`;
    await forge.deployments.status(id, { state: "inactive", description });
  }
}
