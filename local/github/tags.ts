import { emailOf } from "./accounts.ts";
import { created, notFound, ok, unprocessable } from "./answers.ts";
import { git, gitOr } from "./git.ts";
import { apiOf } from "./repositories.ts";
import { on, param, type Route, record, text } from "./routes.ts";
import { nodeId, type Repository, stamp, type World } from "./world.ts";

/** A tag's object, read from Git. @throws {Refused} 404 where it is none */
async function tagView(world: World, repository: Repository, sha: string): Promise<Record<string, unknown>> {
  const hash = /^[0-9a-f]{40}$/.test(sha) ? sha : "";
  const raw = hash && (await gitOr(repository.folder, ["cat-file", "tag", hash]));
  if (!raw) throw notFound();
  const end = raw.indexOf("\n\n");
  const head = end < 0 ? raw : raw.slice(0, end);
  const field = (name: string): string => new RegExp(`^${name} (.*)$`, "m").exec(head)?.[1] ?? "";
  const [, name = "", email = "", seconds = "0"] = /^(.*) <(.*)> (\d+) /.exec(field("tagger")) ?? [];
  const api = apiOf(world, repository);
  const [object, type] = [field("object"), field("type")];
  return {
    node_id: nodeId("Tag", `${repository.id}:${sha}`),
    sha,
    url: `${api}/git/tags/${sha}`,
    tag: field("tag"),
    message: end < 0 ? "" : raw.slice(end + 2),
    tagger: { name, email, date: new Date(Number(seconds) * 1000).toISOString().replace(/\.\d+Z$/, "Z") },
    object: { sha: object, type, url: `${api}/git/${type}s/${object}` },
    verification: {
      verified: false,
      reason: "unsigned",
      signature: null,
      payload: null,
      verified_at: null,
    },
  };
}

/** Annotated tags: their objects. That a name leads to one is a ref of its own. */
export const tagRoutes: readonly Route[] = [
  on("POST /repos/{owner}/{repo}/git/tags", [{ contents: "write" }], async (call) => {
    const { repository, world, who } = call;
    const [tag, object] = [text(call, "tag") ?? "", text(call, "object") ?? ""];
    const type = text(call, "type") ?? "";
    const named = await gitOr(repository.folder, ["check-ref-format", `refs/tags/${tag}`]);
    if (named === undefined) throw unprocessable("tag name is not valid");
    const found = /^[0-9a-f]{40}$/.test(object)
      ? await gitOr(repository.folder, ["cat-file", "-t", object])
      : undefined;
    if (found === undefined || found !== type) throw unprocessable("Object does not exist");
    const by = record(call.body.tagger);
    const name = typeof by.name === "string" ? by.name : who.account.login;
    const email = typeof by.email === "string" ? by.email : emailOf(who.account);
    const seconds = Math.floor(Date.parse(typeof by.date === "string" ? by.date : stamp(world)) / 1000);
    const tagger = `${name} <${email}> ${seconds} +0000`;
    const sha = await git(repository.folder, ["hash-object", "-t", "tag", "-w", "--stdin"], {
      input: `object ${object}\ntype ${type}\ntag ${tag}\ntagger ${tagger}\n\n${text(call, "message") ?? ""}`,
    });
    return created(await tagView(world, repository, sha));
  }),
  on("GET /repos/{owner}/{repo}/git/tags/{tag_sha}", [{ contents: "read" }], async (call) =>
    ok(await tagView(call.world, call.repository, param(call, "tag_sha"))),
  ),
];
