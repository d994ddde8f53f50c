import { constants } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import { UserError } from "../../errors.ts";

/**
 * A text file as a whole.
 *
 * @throws {UserError} where it is larger than any text can be: it is no text, or was made to do harm
 */
export function readText(path: string): string {
  const { size } = statSync(path);
  if (size > constants.MAX_STRING_LENGTH) {
    throw new UserError(
      `${path} has ${size} bytes; a text of at most ${constants.MAX_STRING_LENGTH} belongs here`,
    );
  }
  return readFileSync(path, "utf8");
}
