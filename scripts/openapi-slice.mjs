// Writes local/github/openapi.json: of GitHub's published OpenAPI description the operations that the
// local GitHub serves, with what they refer to and without its words. The whole is 385 MB installed, so it
// is fetched to a temporary folder. Run: node scripts/openapi-slice.mjs [api.github.com.json]
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { globSync } from "tinyglobby";

const PACKAGE = "@octokit/openapi@23.0.2";
const OUT = "local/github/openapi.json";

function description() {
  if (process.argv[2]) return JSON.parse(readFileSync(process.argv[2], "utf8"));
  const folder = mkdtempSync(join(tmpdir(), "openapi-"));
  try {
    const name = execFileSync("npm", ["pack", "--silent", PACKAGE], { cwd: folder, encoding: "utf8" }).trim();
    const file = "package/generated/api.github.com.json";
    execFileSync("tar", ["xzf", name, file], { cwd: folder });
    return JSON.parse(readFileSync(join(folder, file), "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const whole = description();

/** Keywords that constrain values; the rest are words for people. */
const KEPT = new Set(
  "type properties required items enum allOf anyOf oneOf not additionalProperties minimum maximum minLength maxLength minItems maxItems pattern format $ref".split(
    " ",
  ),
);
const queue = [];
const schemas = {};

const resolve = (node) =>
  node.$ref
    ? node.$ref
        .slice(2)
        .split("/")
        .reduce((at, part) => at[part], whole)
    : node;

/** A schema as JSON Schema: without words, `nullable` spelled out. */
function lean(node) {
  if (typeof node !== "object" || node === null) return node;
  if (node.$ref) {
    const name = node.$ref.split("/").at(-1);
    if (!(name in schemas)) {
      schemas[name] = null;
      queue.push(name);
    }
    return { $ref: `#/schemas/${name}` };
  }
  const out = {};
  for (const [key, value] of Object.entries(node)) {
    if (!KEPT.has(key)) continue;
    // GitHub itself answers with the default, an empty text, where there is no address.
    if (key === "format" && node.default === "") continue;
    if (key === "format" && !["uri", "date-time", "date", "email"].includes(value)) continue;
    if (key === "properties") {
      out.properties = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, lean(inner)]));
    } else if (Array.isArray(value)) {
      out[key] = value.map(lean);
    } else {
      out[key] = lean(value);
    }
  }
  if (!node.nullable) return out;
  if (typeof out.type === "string" && !out.enum) return { ...out, type: [out.type, "null"] };
  return { anyOf: [out, { type: "null" }] };
}

const json = (content) => content?.["application/json"]?.schema;

function operation(name) {
  const [method, path] = name.split(" ");
  const found = whole.paths[path]?.[method.toLowerCase()];
  if (!found) throw new Error(`GitHub describes no ${name}`);
  const body = found.requestBody && resolve(found.requestBody);
  const schema = json(body?.content);
  return {
    parameters: (found.parameters ?? [])
      .map(resolve)
      .filter((parameter) => parameter.in === "path" || parameter.in === "query")
      .map(({ name, in: where, required, schema }) => ({
        name,
        in: where,
        ...(required ? { required } : {}),
        schema: lean(schema),
      })),
    ...(body
      ? { body: { required: body.required ?? false, ...(schema ? { schema: lean(schema) } : {}) } }
      : {}),
    answers: Object.fromEntries(
      Object.entries(found.responses).map(([status, response]) => {
        const described = json(resolve(response).content);
        return [status, described ? lean(described) : null];
      }),
    ),
  };
}

const names = new Set();
for (const file of globSync("local/github/**/*.ts")) {
  const text = readFileSync(file, "utf8");
  for (const [, name] of text.matchAll(/\b(?:on|route)\(\s*"((?:GET|POST|PUT|PATCH|DELETE) \/[^"]*)"/g))
    names.add(name);
}
const operations = Object.fromEntries([...names].sort().map((name) => [name, operation(name)]));
for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
  schemas[name] = lean(whole.components.schemas[name]);
}
const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
const text = `${JSON.stringify({ madeBy: `scripts/openapi-slice.mjs from ${PACKAGE}`, schemas: sorted, operations })}\n`;
writeFileSync(OUT, text);
console.log(
  `${OUT}: ${names.size} operations, ${Object.keys(sorted).length} schemas, ${Math.round(text.length / 1024)} KB`,
);
