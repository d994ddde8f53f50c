/** What a run is part of. On a laptop most of it is undefined. */
export interface Host {
  readonly kind: "actions" | "terminal";
  /** `owner/name` on the forge. */
  readonly repository: string | undefined;
  /** Whether the surroundings hold a token for the forge. */
  readonly hasToken?: boolean;
  /** Who started it: the forge's user, or this machine's. */
  readonly user?: string | undefined;
  /** The event that started the run, its payload as the forge sent it. */
  readonly event: { readonly name: string; readonly payload: unknown } | undefined;
  readonly run: { readonly id: number; readonly attempt: number; readonly url: string } | undefined;
  /** Where files that no later job sees may lie; outside of the workspace. */
  readonly temporary: string;
}
