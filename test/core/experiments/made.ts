import { type Experiment, named, type Unnamed } from "../../../src/core/experiments/record.ts";

/** An experiment with nothing in it but what a test says. */
export function made(parts: Partial<Unnamed> = {}): Experiment {
  return named({
    model: "wages",
    folder: ".",
    source: "run",
    status: "finished",
    message: null,
    verdict: "pass",
    started_at: "2026-11-22T01:02:03.000Z",
    duration: 4.5,
    user: "Ada <ada@example.com>",
    commit: "0".repeat(40),
    branch: "main",
    dirty: null,
    set: [],
    params: {},
    metrics: [],
    gates: [],
    digests: { model: null, fingerprint: null, data: [], code: null, environment: [] },
    environment: { tool: "trainyard 0.1.0", node: "v20.0.0", platform: "linux x64", backend: null },
    seeds: {},
    stages: [],
    curves: [],
    pull: null,
    url: null,
    tags: {},
    ...parts,
  });
}

/** A metric with nothing but its value. */
export const metric = (name: string, value: number | null): Experiment["metrics"][number] => ({
  name,
  value,
  reason: null,
  interval: null,
  baseline: null,
});
