import type { RemoteSetting } from "../../../../src/core/artifacts/dvc-config.ts";

/** A remote as a section of `.dvc/config` describes it. */
export function settingOf(url: string, options: Readonly<Record<string, string>> = {}): RemoteSetting {
  const at = { file: ".dvc/config", line: 3 };
  return {
    name: "store",
    url: { value: url, at },
    options: new Map(Object.entries(options).map(([key, value]) => [key, { value, at }])),
  };
}
