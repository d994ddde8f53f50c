import { measure } from "../../../src/works/monitor-measure.ts";

/* Measures the log in a folder, in a process of its own whose memory a test limits. */

const [folder = ""] = process.argv.slice(2);
const { verdict, rows, notes } = await measure(
  {
    folder,
    progress: { start: () => ({ update() {}, end() {} }), say() {} },
    signal: new AbortController().signal,
  },
  {
    log: folder,
    reference: {
      schema: "trainyard/reference/1",
      rows: 1000,
      columns: [
        {
          name: "age",
          kind: "number",
          min: 0,
          max: 99,
          edges: [49],
          counts: [500, 500],
          missing: 0,
          infinite: 0,
        },
      ],
      personal: [],
    },
    model: "wages",
    environment: "production",
    served: null,
    window: 86_400_000,
    now: new Date("2026-11-21T10:00:00Z"),
    settings: { psi: 0.2, minRows: 200, falseIssues: 0.01 },
  },
);
console.log(JSON.stringify({ verdict, rows, notes }));
