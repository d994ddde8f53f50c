import type { Forge, ForgeAccess, Speaker } from "../../ports/forge.ts";
import { grantedBy } from "./access.ts";
import { checks } from "./checks.ts";
import { openClient } from "./client.ts";
import { comments } from "./comments.ts";
import { commitInfo } from "./commit-info.ts";
import { commits } from "./commits.ts";
import { deployments } from "./deployments.ts";
import { information } from "./information.ts";
import { issues } from "./issues.ts";
import { labels } from "./labels.ts";
import type { Patience } from "./patience.ts";
import { pulls } from "./pulls.ts";
import { releases } from "./releases.ts";
import type { Repository } from "./repository.ts";
import { rules } from "./rules.ts";
import { runs } from "./runs.ts";
import { settings } from "./settings.ts";
import { speakerOf } from "./speaker.ts";
import { statuses } from "./statuses.ts";
import { tags } from "./tags.ts";

/**
 * A repository on GitHub, in the name of a token or of an App. Nothing but the App's token is asked for
 * before it is needed.
 *
 * @param patience how long GitHub is waited for; ten minutes in all where absent
 * @throws {UserError} where no repository is named, or the App is not installed there
 */
export async function openForge(
  access: ForgeAccess,
  environment: Readonly<Record<string, string | undefined>>,
  patience?: Patience,
): Promise<Forge> {
  const { owner, name, token, app } = await grantedBy(access, environment, patience);
  const client = await openClient(token, environment, patience);

  let known: Promise<Speaker> | undefined;
  const speaker = (): Promise<Speaker> => {
    known ??= (app === undefined ? speakerOf(client) : Promise.resolve(app)).catch((error: unknown) => {
      known = undefined; // asked again next time
      throw error;
    });
    return known;
  };
  const repository: Repository = { client, at: { owner, repo: name }, speaker };

  return {
    repository: `${owner}/${name}`,
    repositoryInfo: () => information(repository),
    speaker,
    pulls: pulls(repository),
    comments: comments(repository),
    checks: checks(repository),
    statuses: statuses(repository),
    labels: labels(repository),
    issues: issues(repository),
    ...commits(repository),
    commitInfo: commitInfo(repository),
    tags: tags(repository),
    releases: releases(repository),
    deployments: deployments(repository),
    ...runs(repository),
    ...rules(repository),
    ...settings(repository),
  };
}
