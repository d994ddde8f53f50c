import { randomBytes } from "node:crypto";

/** The folder of a remote where files are while they are written; DVC does not look there. */
export const DRAFTS = "tmp";
const OURS = /^trainyard-[0-9a-f]{24}$/;
/** A draft that was not written to for so long is nobody's any more. */
const DAY = 24 * 60 * 60 * 1000;

/** The key of a new draft. */
export function newDraft(): string {
  return `${DRAFTS}/trainyard-${randomBytes(12).toString("hex")}`;
}

/** What stands in the folder of drafts. */
interface Standing {
  readonly name: string;
  readonly folder: boolean;
  readonly modified?: Date;
}

/**
 * Removes drafts that killed processes have left: ours alone, and those that are older by a day than one that
 * was just written, so that no clock but the server's is asked. What cannot be listed or removed stays.
 *
 * @returns asked after each write of a draft, and does it once
 */
export function sweeping(
  list: () => AsyncIterable<Standing>,
  remove: (keys: readonly string[]) => Promise<void>,
): (written: string) => Promise<void> {
  let swept = false;
  return async (written) => {
    if (swept) return;
    swept = true;
    try {
      const ours: Standing[] = [];
      for await (const one of list()) if (!one.folder && OURS.test(one.name)) ours.push(one);
      const now = ours.find(({ name }) => `${DRAFTS}/${name}` === written)?.modified?.getTime();
      if (now === undefined) return;
      const old = ours.filter(({ modified }) => modified !== undefined && now - modified.getTime() > DAY);
      if (old.length > 0) await remove(old.map(({ name }) => `${DRAFTS}/${name}`));
    } catch {} // they can stay: nothing depends on it
  };
}
