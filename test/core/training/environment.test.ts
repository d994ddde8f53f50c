import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { withoutSecrets } from "../../../src/core/training/environment.ts";

describe("the environment of a training command", () => {
  for (const name of [
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "HF_TOKEN",
    "NODE_AUTH_TOKEN",
    "ACTIONS_RUNTIME_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_CACHE_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AZURE_CLIENT_ID",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "INPUT_GITHUB-TOKEN",
    "GITHUB_ENV",
    "GITHUB_PATH",
    "GITHUB_OUTPUT",
    "OPENAI_API_KEY",
    "DB_PASSWORD",
    "PGPASSWORD",
    "my_secret",
    "WANDB_API_KEY",
    "SSH_AUTH_SOCK",
    "SENTRY_DSN",
    "npm_config__authToken",
  ])
    it(`is without ${name}`, () => assert.deepEqual(withoutSecrets({ [name]: "x" }), {}));

  for (const name of [
    "PATH",
    "HOME",
    "PWD",
    "LANG",
    "CI",
    "GITHUB_SHA",
    "GITHUB_WORKSPACE",
    "CUDA_VISIBLE_DEVICES",
    "KEYBOARD",
    "MONKEY",
    "VIRTUAL_ENV",
    "XAUTHORITY",
    "TRAINYARD_OUT",
    "npm_config_registry",
  ])
    it(`has ${name}`, () => assert.deepEqual(withoutSecrets({ [name]: "x" }), { [name]: "x" }));

  it("is without an address that holds a password", () => {
    assert.deepEqual(
      withoutSecrets({ A: "https://me:pass@example.com/simple", B: "https://example.com:80/a@b" }),
      {
        B: "https://example.com:80/a@b",
      },
    );
  });

  it("has what it was asked to keep, and nothing else for it", () => {
    assert.deepEqual(
      withoutSecrets({
        TRAINYARD_KEEP_ENV: "HF_TOKEN ,AWS_REGION",
        HF_TOKEN: "a",
        AWS_REGION: "b",
        GH_TOKEN: "c",
      }),
      {
        HF_TOKEN: "a",
        AWS_REGION: "b",
      },
    );
  });
});
