/** Whole families of variables that hold, or lead to, credentials or the runner's own files. */
const FAMILIES = /^(ACTIONS_|AWS_|AZURE_|ARM_|GOOGLE_|GCP_|CLOUDSDK_|INPUT_|npm_config_.*auth)/i;
/** Words that name a secret, as parts of a name: `HF_TOKEN`, `DB_PASSWORD`, `OPENAI_API_KEY`. */
const WORDS =
  /(^|_)(AUTH|CREDENTIALS?|KEY|KEYS|PASS|PASSWORD|PASSWD|PASSPHRASE|PAT|PWD|SECRETS?|TOKENS?|APIKEY|DSN)(_|$)/i;
/** The same at a name's end without a line between: `PGPASSWORD`. */
const ENDS = /(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|APIKEY)$/i;
/** Files with which a step steers the steps after it, and what answers for git and ssh. */
const SINGLE = new Set([
  "GITHUB_ENV",
  "GITHUB_OUTPUT",
  "GITHUB_PATH",
  "GITHUB_STATE",
  "GITHUB_STEP_SUMMARY",
  "GIT_ASKPASS",
  "SSH_ASKPASS",
  "SSH_AUTH_SOCK",
  "DOCKER_AUTH_CONFIG",
  "KUBECONFIG",
  "NETRC",
]);
/** The shell's own, which only look like secrets. */
const HARMLESS = new Set(["PWD", "OLDPWD"]);
/** A user and a password inside an address. */
const LOGIN = /:\/\/[^/\s:@]*:[^/\s@]+@/;

/** Names, separated by commas, that are handed on whatever they look like. */
export const KEEP = "TRAINYARD_KEEP_ENV";
/** Ours alone, and what the remotes are told: never handed on, whatever is to be kept. */
const NEVER = new Set([KEEP, "TRAINYARD_REMOTE", "TRAINYARD_REGISTRY_USER", "TRAINYARD_REGISTRY_PASSWORD"]);

/**
 * An environment without what looks like a secret: by its name (`*_TOKEN`, `*_SECRET`, `*_KEY`,
 * `*_PASSWORD`, `AWS_*`, `ACTIONS_*` …) or as an address with a password in it.
 *
 * A training command is the author's code; what it can read it can send away. `TRAINYARD_KEEP_ENV`
 * names the variables that it does need.
 *
 * @example withoutSecrets({ PATH: "/bin", GITHUB_TOKEN: "x", DATABASE_URL: "postgres://a:b@c/d" }) // => { PATH: "/bin" }
 * @example withoutSecrets({ TRAINYARD_KEEP_ENV: "HF_TOKEN, X", HF_TOKEN: "x" }) // => { HF_TOKEN: "x" }
 * @example withoutSecrets({ TRAINYARD_KEEP_ENV: "TRAINYARD_REMOTE", TRAINYARD_REMOTE: "x", INPUT_TOKEN: "x", ACTIONS_RUNTIME_TOKEN: "x" }) // => {}
 */
export function withoutSecrets(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept = new Set((environment[KEEP] ?? "").split(",").map((name) => name.trim()));
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || NEVER.has(name)) continue;
    if (kept.has(name) || !isSecret(name, value)) clean[name] = value;
  }
  return clean;
}

function isSecret(name: string, value: string): boolean {
  if (HARMLESS.has(name)) return false;
  return (
    FAMILIES.test(name) ||
    WORDS.test(name) ||
    ENDS.test(name) ||
    SINGLE.has(name.toUpperCase()) ||
    LOGIN.test(value)
  );
}
