import { UserError } from "../errors.ts";

/** Asks for what can be done without: something else, or undefined, where that is refused. */
export async function softly<T, O = undefined>(ask: () => Promise<T>, otherwise?: O): Promise<T | O> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof UserError) return otherwise as O;
    throw error;
  }
}
