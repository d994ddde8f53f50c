import type { Speaker } from "../../ports/forge.ts";
import type { Client } from "./client.ts";

/** One repository, and who speaks there: what each part of the adapter is given. */
export interface Repository {
  readonly client: Client;
  /** The parameters that every route begins with. */
  readonly at: { readonly owner: string; readonly repo: string };
  speaker(): Promise<Speaker>;
}

/** Items on a page, as many as GitHub gives. */
export const PAGE = { per_page: 100 } as const;
