import { FeatureFlags } from "@actions/expressions/features";
import { convertWorkflowTemplate, NoOperationTraceWriter } from "@actions/workflow-parser";
import { parseAction as readAction } from "@actions/workflow-parser/actions/action-parser";
import { convertActionTemplate } from "@actions/workflow-parser/actions/action-template";
import type { TemplateContext } from "@actions/workflow-parser/templates/template-context";
import type { FileProvider } from "@actions/workflow-parser/workflows/file-provider";
import { parseWorkflow as readWorkflow } from "@actions/workflow-parser/workflows/workflow-parser";
import { parse } from "yaml";
import { withoutCacheMode } from "./cache-mode.ts";

/** Something that the official parser, or this room, finds wrong with a file. */
export interface Problem {
  /** Lower-case letters or GitHub's own words; without the place. */
  readonly message: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
}

/** A YAML file as plain data, and what is wrong with it; `value` is absent where it is no YAML. */
export interface Parsed {
  readonly file: string;
  readonly problems: readonly Problem[];
  readonly value?: unknown;
}

/** A reusable workflow as the official parser asks for it: `./` and `$/` alike have no owner. */
export interface Reference {
  readonly path: string;
  readonly owner?: string;
  readonly repository?: string;
  readonly version?: string;
}

const MOST_LEVELS = 10; // https://docs.github.com/actions: reusable workflows may be nested ten levels deep

function problemsOf(context: TemplateContext): Problem[] {
  return context.errors.getErrors().map(({ rawMessage, range }) => ({
    message: rawMessage,
    ...(range === undefined ? {} : { line: range.start.line, column: range.start.column }),
  }));
}

function plain(text: string): { readonly value?: unknown } {
  try {
    return { value: parse(text, { uniqueKeys: false, logLevel: "error" }) as unknown };
  } catch {
    return {}; // the official parser says where
  }
}

/**
 * Reads a workflow file with GitHub's own parser: unknown keys, wrong types, contexts that are not
 * available where they are used, needs that form a circle. It does not know `cache-mode` yet, whose
 * value is checked here. With `called`, inputs and secrets of called workflows are checked, too.
 *
 * @param file its path, for messages alone
 */
export async function parseWorkflow(
  file: string,
  text: string,
  called?: (reference: Reference) => Promise<string | undefined>,
): Promise<Parsed> {
  const { text: content, problems } = withoutCacheMode(text);
  const { context, value } = readWorkflow({ name: file, content }, new NoOperationTraceWriter());
  if (value !== undefined && context.errors.count === 0) {
    const provider: FileProvider | undefined = called && {
      async getFileContent(reference) {
        const found = await called(reference);
        if (found === undefined) throw new Error("not found");
        return { name: reference.path, content: withoutCacheMode(found).text };
      },
    };
    await convertWorkflowTemplate(context, value, provider, {
      maxReusableWorkflowDepth: MOST_LEVELS,
      fetchReusableWorkflowDepth: provider === undefined ? 0 : 1,
      featureFlags: new FeatureFlags(),
    });
  }
  return { file, problems: [...problems, ...problemsOf(context)], ...plain(text) };
}

/** Reads an `action.yml` with GitHub's own parser: what `parseWorkflow` is for workflow files. */
export function parseAction(file: string, text: string): Parsed {
  const { context, value } = readAction({ name: file, content: text }, new NoOperationTraceWriter());
  if (value !== undefined && context.errors.count === 0) convertActionTemplate(context, value);
  return { file, problems: problemsOf(context), ...plain(text) };
}
