import cacheBesideRights from "./cache-beside-rights.ts";
import codeBesideRights from "./code-beside-rights.ts";
import commandsInTheJudge from "./commands-in-the-judge.ts";
import environmentInjection from "./environment-injection.ts";
import inheritedSecrets from "./inherited-secrets.ts";
import interpolation from "./interpolation.ts";
import keptCredentials from "./kept-credentials.ts";
import noTimeout from "./no-timeout.ts";
import pullRequestTarget from "./pull-request-target.ts";
import type { Rule } from "./rule.ts";
import selfHosted from "./self-hosted.ts";
import unexplainedPermission from "./unexplained-permission.ts";
import unpinned from "./unpinned.ts";
import widePermissions from "./wide-permissions.ts";

/** The rules that our workflows, actions, templates and examples keep; the gravest first. */
export const RULES: readonly Rule[] = [
  pullRequestTarget,
  codeBesideRights,
  commandsInTheJudge,
  interpolation,
  environmentInjection,
  widePermissions,
  unexplainedPermission,
  inheritedSecrets,
  keptCredentials,
  cacheBesideRights,
  selfHosted,
  unpinned,
  noTimeout,
];
