import { accountRoutes } from "./accounts.ts";
import { ok } from "./answers.ts";
import { appRoutes } from "./apps.ts";
import { artifactRoutes } from "./artifacts.ts";
import { checkRoutes } from "./checks.ts";
import { collaboratorRoutes } from "./collaborators.ts";
import { commentRoutes } from "./comments.ts";
import { commitRoutes } from "./commits.ts";
import { compareRoutes } from "./compare.ts";
import { contentRoutes } from "./contents.ts";
import { deploymentRoutes } from "./deployments.ts";
import { dispatchRoutes } from "./dispatches.ts";
import { issueRoutes } from "./issue-routes.ts";
import { labelRoutes } from "./labels.ts";
import { mergeRoutes } from "./merging.ts";
import { pullRoutes } from "./pulls.ts";
import { reactionRoutes } from "./reactions.ts";
import { refRoutes } from "./refs.ts";
import { releaseRoutes } from "./releases.ts";
import { repositoryRoutes } from "./repositories.ts";
import { reviewRoutes } from "./reviews.ts";
import { type Route, route } from "./routes.ts";
import { ruleRoutes } from "./rules.ts";
import { runRoutes } from "./runs.ts";
import { statusRoutes } from "./statuses.ts";
import { tagRoutes } from "./tags.ts";

/** Longer paths first where one could be taken for the other. */
const specific = (routes: readonly Route[]): readonly Route[] => {
  const fixed = ({ operation }: Route): number =>
    operation.split("/").filter((part) => part !== "" && !part.startsWith("{")).length;
  const deep = ({ operation }: Route): boolean => /\{(ref|path|branch|basehead)\}$/.test(operation);
  return [...routes].sort((a, b) => fixed(b) - fixed(a) || Number(deep(a)) - Number(deep(b)));
};

/** The REST API as far as it is served here. */
export const ROUTES: readonly Route[] = specific([
  route("GET /rate_limit", () => {
    const plenty = { limit: 5000, remaining: 5000, reset: 0, used: 0 };
    return ok({ resources: { core: plenty, search: plenty }, rate: plenty });
  }),
  ...accountRoutes,
  ...appRoutes,
  ...repositoryRoutes,
  ...collaboratorRoutes,
  ...refRoutes,
  ...tagRoutes,
  ...contentRoutes,
  ...commitRoutes,
  ...compareRoutes,
  ...pullRoutes,
  ...mergeRoutes,
  ...reviewRoutes,
  ...issueRoutes,
  ...commentRoutes,
  ...reactionRoutes,
  ...labelRoutes,
  ...checkRoutes,
  ...statusRoutes,
  ...ruleRoutes,
  ...releaseRoutes,
  ...deploymentRoutes,
  ...runRoutes,
  ...artifactRoutes,
  ...dispatchRoutes,
]);
