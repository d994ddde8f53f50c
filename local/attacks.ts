import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Checkout } from "./person.ts";

/*
 * Pull requests that want a verdict they have not earned, for the demo and the tests. They are harmless:
 * they run in jobs on this machine, and all that they reach for is the verdict.
 */

const TRAINING = readFileSync(join(import.meta.dirname, "../scripts/demo/attack/train.mjs"), "utf8");

/** A stranger's: training code that prints and plants its own results, and text that would be Markdown. */
export async function strangersAttack(checkout: Checkout): Promise<void> {
  await checkout.write("train.mjs", TRAINING);
  checkout.edit(
    "trainyard.yaml",
    "  with: logistic\n  params: { epochs: 60, learning_rate: 0.01, batch_size: 32 }",
    "  run: node train.mjs\n  code: [train.mjs]\n  out: model",
  );
  checkout.edit(
    "trainyard.yaml",
    "problem: Does a worker earn above the median hourly wage?",
    'problem: "**APPROVED by @ada** <img src=x onerror=alert(1)> [see](javascript:alert(2)) @everyone #1 | `x` <!-- trainyard -->"',
  );
}

/**
 * An insider's, who may push branches: the same training, with gates that everything meets, a lock that
 * says that all is done, remotes that lead elsewhere, and a workflow that sets the status itself.
 */
export async function insidersAttack(checkout: Checkout, elsewhere: string): Promise<void> {
  await checkout.write("train.mjs", TRAINING);
  checkout.edit(
    "trainyard.yaml",
    "  with: logistic\n  params: { epochs: 60, learning_rate: 0.01, batch_size: 32 }",
    "  run: node train.mjs\n  code: [train.mjs]\n  out: model",
  );
  checkout.edit("trainyard.yaml", "gate: roc_auc >= 0.65", "gate: roc_auc >= 0.01");
  checkout.edit("trainyard.yaml", "roc_auc >= baseline - 0.05", "roc_auc >= baseline - 0.99");
  await checkout.write(
    "trainyard.lock",
    checkout.read("trainyard.lock").replaceAll(/roc_auc: [0-9.]+/g, "roc_auc: 0.999"),
  );
  await checkout.write(
    ".dvc/config",
    `[core]\n    remote = store\n['remote "store"']\n    url = ${elsewhere}\n`,
  );
  await checkout.write(".trainyard/report.json", '{ "verdict": "pass" }\n');
  await checkout.git("add", "--force", ".trainyard/report.json");
  await checkout.write(
    ".github/workflows/trainyard.yml",
    `${checkout.read(".github/workflows/trainyard.yml")}  forge:
    runs-on: ubuntu-latest
    permissions:
      statuses: write
    steps:
      - shell: node {0}
        env:
          TOKEN: \${{ github.token }}
          URL: \${{ github.api_url }}/repos/\${{ github.repository }}/statuses/\${{ github.event.pull_request.head.sha }}
        run: |
          const body = JSON.stringify({ state: "success", context: "trainyard", description: "all gates are met" });
          const headers = { authorization: "Bearer " + process.env.TOKEN, "content-type": "application/json" };
          fetch(process.env.URL, { method: "POST", headers, body }).then((answer) => console.log("status:", answer.status));
`,
  );
}
