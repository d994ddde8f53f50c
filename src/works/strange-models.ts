import { UserError } from "../errors.ts";
import type { Model } from "../ports/model.ts";
import type { Ports } from "../ports/ports.ts";

/**
 * Opens models that anybody may have written. Whatever goes wrong inside of one or of its runtime is its own
 * failure, in one sentence, and never a bug of ours that ends the judgement of the others.
 */
export function strangeModels({ model, signal }: Pick<Ports, "model" | "signal">): Ports["model"] {
  return async (path, expects) => {
    const own = async <T>(doing: () => Promise<T>): Promise<T> => {
      try {
        return await doing();
      } catch (error) {
        if (error instanceof UserError || signal.aborted) throw error;
        const [said = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
        throw new UserError(`${path} cannot be asked: ${said}`, { cause: error });
      }
    };
    const opened: Model = await own(() => model(path, { ...expects, stranger: true }));
    const ofColumns = opened.predictColumns?.bind(opened);
    return {
      runtime: opened.runtime,
      predict: (features, rows) => own(() => opened.predict(features, rows)),
      ...(ofColumns && { predictColumns: (table) => own(() => ofColumns(table)) }),
      close: () => own(() => opened.close()),
    };
  };
}
