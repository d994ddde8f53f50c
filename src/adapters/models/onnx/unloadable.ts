import type { OnnxFile } from "../../../core/models/onnx/inspect.ts";
import { UserError } from "../../../errors.ts";

/**
 * What to say of a model that a runtime does not load: that it is too new, where it is; else the
 * runtime's own words.
 */
export function unloadable(error: unknown, file: OnnxFile, runtime: string, path: string): UserError {
  const said = firstLine(error);
  return new UserError(
    tooNew(said, file, runtime, path) ?? `${path} cannot be loaded by ${runtime}: ${said}`,
    {
      cause: error,
    },
  );
}

/** A runtime's first line. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

function tooNew(said: string, { ir, opsets }: OnnxFile, runtime: string, path: string): string | undefined {
  const format = /max supported IR version: (\d+)/.exec(said)?.[1];
  if (format !== undefined)
    return `${path} is of ONNX format ${ir}; ${runtime} reads up to ${format}: export it with an older onnx package, or set model.ir_version = ${format} before it is saved`;
  const [, domain, most] =
    /Current official support for domain ([\w.]+) is till opset (\d+)/.exec(said) ?? [];
  if (most === undefined) return undefined;
  const own = opsets.get(domain === "ai.onnx" ? "" : (domain ?? "")) ?? 0;
  return `${path} uses opset ${own} of ${domain}; ${runtime} knows up to ${most}: export it with target_opset=${most} (PyTorch: opset_version=${most})`;
}
