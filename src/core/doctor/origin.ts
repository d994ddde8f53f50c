/**
 * The repository on the forge, from Git's own configuration: where `origin` is, by https or ssh.
 *
 * @param config the text of `.git/config`
 * @param host the forge's name
 * @returns `owner/name`; undefined where `origin` is elsewhere
 *
 * @example repositoryIn('[remote "origin"]\n\turl = git@github.com:acme/wages.git\n') // => "acme/wages"
 * @example repositoryIn('[remote "origin"]\n\turl = https://github.com/acme/wages\n') // => "acme/wages"
 * @example repositoryIn('[remote "origin"]\n\turl = ../store.git\n') // => undefined
 */
export function repositoryIn(config: string, host = "github.com"): string | undefined {
  let inOrigin = false;
  for (const line of config.split(/\r?\n/)) {
    const section = /^\s*\[(.*)\]/.exec(line)?.[1];
    if (section !== undefined) inOrigin = /^remote\s+"origin"$/.test(section.trim());
    const url = inOrigin ? /^\s*url\s*=\s*"?([^"\s]+)/.exec(line)?.[1] : undefined;
    if (url === undefined) continue;
    const [, at, path] =
      /^(?:(?:https?|ssh|git):\/\/)?(?:[^@/]*@)?([^:/]+)(?::\d+)?[:/](.+)$/.exec(url) ?? [];
    const name = /^\/?([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(path ?? "")?.[1];
    return at === host ? name : undefined;
  }
  return undefined;
}
