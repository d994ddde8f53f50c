import { afterEach } from "node:test";
import { openForge } from "../../../src/adapters/forge/github.ts";
import type { Forge } from "../../../src/ports/forge.ts";
import { type Answering, answering, type Scripted } from "./answering.ts";
import { SHORT } from "./bench.ts";

/** Servers that live for one test, and the adapter that asks them. */
export function scripted(): {
  server(answers: Parameters<typeof answering>[0]): Promise<Answering>;
  forgeAt(
    answers: Readonly<Record<string, Scripted | readonly Scripted[]>>,
    more?: Readonly<Record<string, string>>,
  ): Promise<Forge>;
} {
  const open: Answering[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => server.close()));
  });
  const server = async (answers: Parameters<typeof answering>[0]): Promise<Answering> => {
    const made = await answering(answers);
    open.push(made);
    return made;
  };
  const forgeAt = async (
    answers: Readonly<Record<string, Scripted | readonly Scripted[]>>,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Forge> => {
    const { url } = await server(() => answers);
    const environment = { GITHUB_API_URL: url, GITHUB_REPOSITORY: "acme/wages", ...more };
    return openForge({ token: "ghs_secret" }, environment, SHORT);
  };
  return { server, forgeAt };
}
