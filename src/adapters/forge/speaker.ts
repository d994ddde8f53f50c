import type { Speaker } from "../../ports/forge.ts";
import type { Client } from "./client.ts";
import { refused } from "./failure.ts";

/** A workflow's own token: GitHub starts no workflows for what it does. */
export const WORKFLOW: Speaker = {
  login: "github-actions[bot]",
  triggersWorkflows: false,
  kind: "workflow",
};

/**
 * Whose token it is. An integration's is refused at `GET /user`; GraphQL tells a workflow's from that of
 * an App, where it answers at all.
 */
export async function speakerOf(client: Client): Promise<Speaker> {
  try {
    const { data } = await client.request("GET /user");
    if (data.type !== "Bot") return { login: data.login, triggersWorkflows: true, kind: "user" };
    return ofBot(data.login);
  } catch (error) {
    if (!refused(error, 403)) throw error;
  }
  try {
    const { viewer } = await client.graphql<{ viewer: { login: string } }>("query { viewer { login } }");
    return ofBot(viewer.login);
  } catch {
    return WORKFLOW;
  }
}

function ofBot(name: string): Speaker {
  const login = name.endsWith("[bot]") ? name : `${name}[bot]`; // GraphQL leaves it out
  return login === WORKFLOW.login ? WORKFLOW : { login, triggersWorkflows: true, kind: "app" };
}

/** Whether somebody in GitHub's words is this speaker: the same name, and a bot where it is one. */
export function isBy(
  user: { readonly login: string; readonly type?: string } | null | undefined,
  speaker: Speaker,
): boolean {
  return user?.login === speaker.login && (user.type === "Bot") === (speaker.kind !== "user");
}
