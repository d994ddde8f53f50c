import type { BranchRules, Forge } from "../../ports/forge.ts";
import { refused } from "./failure.ts";
import { PAGE, type Repository } from "./repository.ts";

type Required = BranchRules["required"][number];

/** Undefined where GitHub does not say: for want of a permission, or by the plan. */
type Said = Partial<BranchRules> & { readonly protected: boolean | undefined };

const NOTHING: BranchRules = {
  required: [],
  codeOwners: false,
  approvals: 0,
  staleApprovalsDismissed: false,
  mergeQueue: false,
  protected: false,
};

/** What a branch requires, and what somebody may do. */
export function rules({ client, at }: Repository): Pick<Forge, "rules" | "permission"> {
  /** Runs a question to which GitHub may not know, or not tell, the answer. */
  const asked = async (question: () => Promise<Said>): Promise<Said> => {
    try {
      return await question();
    } catch (error) {
      if (!refused(error, 403, 404)) throw error;
      const none = error.status === 404 && /not protected/i.test(error.said);
      return { protected: none ? false : undefined };
    }
  };

  const rulesets = (branch: string): Promise<Said> =>
    asked(async () => {
      const all = await client.paginate("GET /repos/{owner}/{repo}/rules/branches/{branch}", {
        ...at,
        ...PAGE,
        branch,
      });
      return together(
        all.map((rule): Said => {
          if (rule.type === "required_status_checks") {
            const checks = rule.parameters?.required_status_checks ?? [];
            const required = checks.map(({ context, integration_id: app }) => ({ context, app }));
            return { protected: true, required };
          }
          if (rule.type !== "pull_request")
            return { protected: true, mergeQueue: rule.type === "merge_queue" };
          return {
            protected: true,
            approvals: rule.parameters?.required_approving_review_count ?? 0,
            codeOwners: rule.parameters?.require_code_owner_review ?? false,
            staleApprovalsDismissed: rule.parameters?.dismiss_stale_reviews_on_push ?? false,
          };
        }),
      );
    });

  /** What everybody may know of it: whether it is protected, and the checks. */
  const classicInShort = (branch: string): Promise<Said> =>
    asked(async () => {
      const { data } = await client.request("GET /repos/{owner}/{repo}/branches/{branch}", { ...at, branch });
      const checks = data.protection?.required_status_checks;
      return { protected: data.protected, required: data.protected ? requiredBy(checks) : [] };
    });

  /** All of it, for those who administer the repository. */
  const classic = (branch: string): Promise<Said> =>
    asked(async () => {
      const route = "GET /repos/{owner}/{repo}/branches/{branch}/protection";
      const { data } = await client.request(route, { ...at, branch });
      const reviews = data.required_pull_request_reviews;
      return {
        protected: true,
        required: requiredBy(data.required_status_checks),
        approvals: reviews?.required_approving_review_count ?? 0,
        codeOwners: reviews?.require_code_owner_reviews ?? false,
        staleApprovalsDismissed: reviews?.dismiss_stale_reviews ?? false,
      };
    });

  return {
    async rules(branch) {
      const short = await classicInShort(branch);
      const all = [await rulesets(branch), short];
      if (short.protected === true) all.push(await classic(branch));
      return together(all);
    },

    async permission(login) {
      try {
        const { data } = await client.request(
          "GET /repos/{owner}/{repo}/collaborators/{username}/permission",
          { ...at, username: login },
        );
        return levelOf(data.role_name) ?? levelOf(data.permission) ?? "none";
      } catch (error) {
        if (refused(error, 404)) return "none"; // nobody of that name
        throw error;
      }
    },
  };
}

const LEVELS = ["admin", "maintain", "write", "triage", "read", "none"] as const;

/** A role by its name; undefined for one of an organisation's own, whose base GitHub says beside it. */
const levelOf = (name: string | undefined) => LEVELS.find((level) => level === name);

function requiredBy(
  checks:
    | {
        readonly contexts?: readonly string[];
        readonly checks?: readonly { readonly context: string; readonly app_id?: number | null }[];
      }
    | undefined,
): readonly Required[] {
  const bound = (checks?.checks ?? []).map(({ context, app_id }) => ({
    context,
    app: app_id === null || app_id === -1 ? undefined : app_id,
  }));
  const named = (checks?.contexts ?? []).filter((name) => !bound.some(({ context }) => context === name));
  return [...bound, ...named.map((context) => ({ context, app: undefined }))];
}

/** Several sources of rules at once: each adds to the others, and the strictest of each kind holds. */
function together(all: readonly Said[]): BranchRules {
  const required = new Map(
    all.flatMap((said) => said.required ?? []).map((one) => [`${one.app} ${one.context}`, one]),
  );
  return {
    required: [...required.values()],
    codeOwners: all.some((said) => said.codeOwners),
    approvals: Math.max(NOTHING.approvals, ...all.map((said) => said.approvals ?? 0)),
    staleApprovalsDismissed: all.some((said) => said.staleApprovalsDismissed),
    mergeQueue: all.some((said) => said.mergeQueue),
    protected: all.some((said) => said.protected)
      ? true
      : all.some((said) => said.protected === undefined)
        ? undefined
        : false,
  };
}
