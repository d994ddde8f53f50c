import { EXIT, UserError } from "../errors.ts";
import type { ForgeAccess } from "../ports/forge.ts";

/**
 * In whose name a stage writes: the App's where there is one, else the workflow's.
 *
 * @throws {UserError} where an App is named by half
 */
export function accessOf(given: {
  readonly token: string | undefined;
  readonly appId: string | undefined;
  readonly appPrivateKey: string | undefined;
}): ForgeAccess {
  const { token, appId, appPrivateKey } = given;
  if ((appId === undefined) !== (appPrivateKey === undefined)) {
    const missing = appId === undefined ? "app-id" : "app-private-key";
    throw new UserError(`${missing} is missing: an App speaks with both its id and its key`, {
      exit: EXIT.usage,
    });
  }
  return appId === undefined || appPrivateKey === undefined
    ? { token }
    : { token, app: { id: appId, privateKey: appPrivateKey } };
}
