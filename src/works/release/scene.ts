import type { Forge } from "../../ports/forge.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Workspace } from "../../ports/workspace.ts";

/** What one release is about, and whom it speaks with. */
export interface Scene {
  readonly ports: Ports;
  readonly forge: Forge;
  readonly ledger: Ledger;
  /** The tree of the default branch's commit: its contracts, its desired states, its remote. */
  readonly workspace: Workspace;
  /** Absolute path of the tree's top. */
  readonly top: string;
  readonly commit: string;
  /** Where this is done, for records: the run's address. */
  readonly run: string | undefined;
}
