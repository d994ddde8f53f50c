import type { ForgeAccess } from "../../ports/forge.ts";

/** An App's token lives for an hour; a new one is asked for while ten minutes are left. */
const FRESH = 50 * 60 * 1000;

/** The token to speak with Git's server: the one given or around us, or one of an App's installation. */
export function accessToken(
  access: ForgeAccess,
  environment: Readonly<Record<string, string | undefined>>,
): () => Promise<string | undefined> {
  let asked: Promise<string | undefined> | undefined;
  let until = 0;
  return () => {
    const now = Date.now();
    if (asked === undefined || (access.app !== undefined && now > until)) {
      until = now + FRESH;
      asked = granted(access, environment);
      asked.catch(() => {
        asked = undefined;
      });
    }
    return asked;
  };
}

async function granted(
  access: ForgeAccess,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const { grantedBy } = await import("../forge/access.ts");
  return (await grantedBy(access, environment)).token;
}
