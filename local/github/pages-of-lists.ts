import { type Answer, ok } from "./answers.ts";
import type { Call } from "./routes.ts";

/** The part of a list that was asked for, and the `Link` header that leads to the others. */
export function pageOf<T>(
  call: Call,
  items: readonly T[],
): { readonly items: readonly T[]; readonly headers: Readonly<Record<string, string>> } {
  const asked = (name: string, otherwise: number): number => {
    const value = Number(call.query.get(name) ?? otherwise);
    return Number.isInteger(value) && value > 0 ? value : otherwise;
  };
  const size = Math.min(asked("per_page", 30), 100);
  const page = asked("page", 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (to: number, rel: string): string => {
    const query = new URLSearchParams(call.query);
    query.set("page", String(to));
    return `<${call.world.apiUrl}${call.path}?${query}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(Math.min(page - 1, last), "prev")] : []),
    ...(page < last ? [link(page + 1, "next"), link(last, "last")] : []),
    ...(page > 1 ? [link(1, "first")] : []),
  ];
  return {
    items: items.slice((page - 1) * size, page * size),
    headers: links.length > 0 ? { link: links.join(", ") } : {},
  };
}

/** A plain list, one page of it. */
export async function listed<T>(
  call: Call,
  items: readonly T[],
  view: (item: T) => unknown,
): Promise<Answer> {
  const page = pageOf(call, items);
  return ok(await Promise.all(page.items.map(view)), page.headers);
}

/** A list within an object that also says how many there are in all. */
export async function counted<T>(
  call: Call,
  name: string,
  items: readonly T[],
  view: (item: T) => unknown,
): Promise<Answer> {
  const page = pageOf(call, items);
  return ok({ total_count: items.length, [name]: await Promise.all(page.items.map(view)) }, page.headers);
}
