import type { RegistryAddress } from "../../../core/artifacts/registry-address.ts";
import { UserError } from "../../../errors.ts";
import { again } from "../retrying.ts";
import { type Answer, bodyOf, done } from "./exchange.ts";

const PAGE = 1000;
const LARGEST_PAGE = 4 << 20;
/** More pushes than a repository gathers in years; a list that is longer does not end. */
const MOST = 200_000;

/** Every tag of a repository, page by page, as long as the pages bring something new. */
export async function* tagPages(
  address: RegistryAddress,
  get: (url: URL) => Promise<Answer>,
): AsyncIterable<string> {
  let url: URL | undefined = new URL(`/v2/${address.name}/tags/list?n=${PAGE}`, address.origin);
  const seen = new Set<string>();
  while (url !== undefined) {
    const page: Page = await again(() => pageAt(address, url as URL, get));
    const before = seen.size;
    for (const tag of page.tags) {
      if (seen.has(tag)) continue;
      seen.add(tag);
      yield tag;
    }
    if (seen.size > MOST || (page.next !== undefined && seen.size === before)) {
      throw new UserError(`${address.url} lists tags without end; ${seen.size} were read`);
    }
    url = page.next;
  }
}

interface Page {
  readonly tags: readonly string[];
  readonly next: URL | undefined;
}

async function pageAt(address: RegistryAddress, url: URL, get: (url: URL) => Promise<Answer>): Promise<Page> {
  const answer = await get(url);
  if (answer.status === 404) {
    done(answer);
    return { tags: [], next: undefined };
  }
  if (answer.status !== 200) {
    done(answer);
    throw new UserError(
      `${address.host} answers ${answer.status} where the tags of ${address.name} were asked for`,
    );
  }
  const text = (await bodyOf(answer, LARGEST_PAGE)).toString("utf8");
  let found: { tags?: unknown } | null;
  try {
    found = JSON.parse(text);
  } catch {
    throw new UserError(
      `${address.host} answers with no list of tags, but with ${JSON.stringify(text.slice(0, 60))}`,
    );
  }
  const tags = Array.isArray(found?.tags) ? found.tags : [];
  const link = /<([^>]*)>\s*;\s*rel="?next"?/i.exec(String(answer.headers.link ?? ""))?.[1];
  const next = link === undefined || !URL.canParse(link, url.href) ? undefined : new URL(link, url.href);
  if (next !== undefined && next.host === url.host) next.protocol = url.protocol;
  if (next !== undefined && next.origin !== url.origin) {
    throw new UserError(`${address.host} continues its list of tags at ${next.host}; nothing was sent there`);
  }
  return { tags: tags.filter((tag): tag is string => typeof tag === "string"), next };
}
