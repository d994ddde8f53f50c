import { type Forge, type NewTag, type Tag, TagTaken } from "../../ports/forge.ts";
import { orNothing, refused } from "./failure.ts";
import type { Repository } from "./repository.ts";

/** Tag objects that are asked for at the same time. */
const AT_ONCE = 8;
/** Tags of tags that are followed. */
const DEEP = 5;

/**
 * Annotated tags. What a tag's object says never changes, so that each is read once; a lightweight tag
 * has none, and says nothing of who made it, so that it is left out.
 */
export function tags({ client, at }: Repository): Forge["tags"] {
  const read = new Map<string, Promise<Tag | undefined>>();

  const objectOf = async (sha: string): Promise<Annotated | undefined> => {
    const route = "GET /repos/{owner}/{repo}/git/tags/{tag_sha}";
    return (await orNothing(client.request(route, { ...at, tag_sha: sha })))?.data;
  };
  const look = async (name: string, sha: string): Promise<Tag | undefined> => {
    const found = await objectOf(sha);
    let inner = found?.object;
    for (let i = 0; i < DEEP && inner?.type === "tag"; i++) inner = (await objectOf(inner.sha))?.object;
    if (found === undefined || inner?.type !== "commit") return undefined;
    const { message, tagger } = found;
    return { name, commit: inner.sha, message, tagger: tagger.name, at: isoOf(tagger.date) };
  };
  const annotated = (name: string, { type, sha }: Target): Promise<Tag | undefined> => {
    if (type !== "tag") return Promise.resolve(undefined);
    const key = `${name} ${sha}`;
    const asked = read.get(key) ?? look(name, sha);
    read.set(key, asked);
    asked.catch(() => read.delete(key));
    return asked;
  };

  const targetOf = async (name: string): Promise<Target | undefined> => {
    const route = "GET /repos/{owner}/{repo}/git/ref/{ref}";
    return (await orNothing(client.request(route, { ...at, ref: `tags/${name}` })))?.data.object;
  };
  /** What was asked for, where it stands; that the name is taken, where it stands for something else. */
  const standing = async (wanted: NewTag): Promise<Tag | undefined> => {
    const target = await targetOf(wanted.name);
    if (target === undefined) return undefined;
    const there = await annotated(wanted.name, target);
    if (there !== undefined && sameTag(there, wanted)) return there;
    throw new TagTaken(wanted.name, there?.commit ?? target.sha, there);
  };

  /** GitHub describes no pages of this list; should it ever send one, they are followed. */
  const beginning = (prefix: string): Promise<readonly Ref[]> => {
    const route: string = "GET /repos/{owner}/{repo}/git/matching-refs/{ref}";
    return client.paginate<Ref>(route, { ...at, ref: `tags/${prefix}` });
  };

  return {
    names: async (prefix) => (await beginning(prefix)).map(({ ref }) => nameOf(ref)),

    async list(prefix) {
      const refs = await beginning(prefix);
      const found: Tag[] = [];
      for (let i = 0; i < refs.length; i += AT_ONCE) {
        const some = refs.slice(i, i + AT_ONCE).map(({ ref, object }) => annotated(nameOf(ref), object));
        found.push(...(await Promise.all(some)).filter((tag) => tag !== undefined));
      }
      return found.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    },

    async create(wanted) {
      const { name, commit, message } = wanted;
      return client.once(
        () => standing(wanted),
        async () => {
          // An object that no ref leads to is seen by nobody: it is made anew, however often it takes.
          const { data } = await client.once(
            async () => undefined,
            () =>
              client.request("POST /repos/{owner}/{repo}/git/tags", {
                ...at,
                tag: name,
                message,
                object: commit,
                type: "commit",
              }),
          );
          try {
            await client.request("POST /repos/{owner}/{repo}/git/refs", {
              ...at,
              ref: `refs/tags/${name}`,
              sha: data.sha,
            });
          } catch (error) {
            if (!refused(error, 422)) throw error;
            const there = await standing(wanted); // made by somebody else in between
            if (there === undefined) throw error;
            return there;
          }
          const { tagger } = data;
          return { name, commit, message: data.message, tagger: tagger.name, at: isoOf(tagger.date) };
        },
      );
    },
  };
}

interface Ref {
  readonly ref: string;
  readonly object: Target;
}

interface Target {
  readonly type: string;
  readonly sha: string;
}

interface Annotated {
  readonly message: string;
  readonly tagger: { readonly name: string; readonly date: string };
  readonly object: Target;
}

/** Whether a tag says what one that is to be made would say; Git may end a message with a line's end. */
export function sameTag(there: Tag, wanted: NewTag): boolean {
  return there.commit === wanted.commit && there.message.trimEnd() === wanted.message.trimEnd();
}

const nameOf = (ref: string): string => ref.slice("refs/tags/".length);

/** A time of GitHub's; of a tag whose date is none, the beginning of time. */
const isoOf = (date: string): string => {
  const time = Date.parse(date);
  return new Date(Number.isNaN(time) ? 0 : time).toISOString();
};
