import { type Answer, ok, Refused } from "./answers.ts";
import { createCommitOnBranch, GraphqlError } from "./graphql-commit.ts";
import {
  convertPullRequestToDraft,
  enqueuePullRequest,
  markPullRequestReadyForReview,
} from "./graphql-pulls.ts";
import { type Field, parseQuery } from "./graphql-query.ts";
import { type Call, record } from "./routes.ts";
import { nodeId } from "./world.ts";

/** Mutations by name: they are given their input, and return what their payload holds. */
const MUTATIONS: Readonly<
  Record<string, (call: Call, input: Readonly<Record<string, unknown>>) => Promise<unknown>>
> = {
  createCommitOnBranch,
  enqueuePullRequest,
  markPullRequestReadyForReview,
  convertPullRequestToDraft,
};

const QUERIES: Readonly<Record<string, (call: Call) => unknown>> = {
  viewer: ({ who }) => ({
    login: who.account.login,
    id: nodeId(who.account.type, who.account.id),
    databaseId: who.account.id,
  }),
};

/** Of a value only what was asked for. @throws {GraphqlError} for a field that is not there */
function selected(value: unknown, fields: readonly Field[], type: string): unknown {
  if (fields.length === 0 || value === null || value === undefined) return value ?? null;
  if (Array.isArray(value)) return value.map((item) => selected(item, fields, type));
  const given = record(value);
  return Object.fromEntries(
    fields.map(({ name, alias, fields: inner }) => {
      if (name === "__typename") return [alias, type];
      if (!(name in given)) {
        throw new GraphqlError("undefinedField", `Field '${name}' doesn't exist on type '${type}'`);
      }
      return [alias, selected(given[name], inner, name.charAt(0).toUpperCase() + name.slice(1))];
    }),
  );
}

/** Answers the mutations and the one query that are modelled; all errors come with status 200, as on GitHub. */
export async function answerGraphql(call: Call): Promise<Answer> {
  if (call.who.kind === "nobody") {
    throw new Refused({
      status: 401,
      body: {
        message: "This endpoint requires you to be authenticated.",
        documentation_url: "https://docs.github.com/graphql",
      },
    });
  }
  const source = typeof call.body.query === "string" ? call.body.query : "";
  const data: Record<string, unknown> = {};
  const errors: Record<string, unknown>[] = [];
  let asked: Field | undefined;
  try {
    const { kind, fields } = parseQuery(source, record(call.body.variables));
    for (const field of fields) {
      asked = field;
      data[field.alias] = null;
      const handle = (kind === "mutation" ? MUTATIONS : QUERIES)[field.name];
      if (!handle) {
        const type = kind === "mutation" ? "Mutation" : "Query";
        throw new GraphqlError("undefinedField", `Field '${field.name}' doesn't exist on type '${type}'`);
      }
      const input = record(field.args.input);
      const value = {
        clientMutationId: input.clientMutationId ?? null,
        ...record(await handle(call, input)),
      };
      data[field.alias] = selected(value, field.fields, field.name);
    }
  } catch (error) {
    if (error instanceof GraphqlError) {
      if (error.kind === "undefinedField")
        return ok({ errors: [{ message: error.message, extensions: { code: error.kind } }] });
      errors.push({
        type: error.kind,
        path: [asked?.alias],
        locations: [{ line: 1, column: 1 }],
        message: error.message,
      });
    } else if (error instanceof Error && /^Parse error|not modelled/.test(error.message)) {
      return ok({ errors: [{ message: error.message }] });
    } else {
      throw error;
    }
  }
  return ok(errors.length > 0 ? { data, errors } : { data });
}
