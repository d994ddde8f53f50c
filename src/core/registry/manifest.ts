import type { CardFacts } from "./card.ts";

/**
 * `manifest.json`: what the model card says, for machines. Same facts, same text.
 *
 * @returns JSON, ending with a line's end
 */
export function manifestText(facts: CardFacts): string {
  const { model, version, tag, commit, folder, digest, contract, data, record } = facts;
  const manifest = {
    schema: "trainyard/manifest/1",
    model,
    version,
    tag,
    commit,
    folder,
    digest: { sha256: digest.sha256, md5: digest.md5 },
    task: contract?.task ?? null,
    owner: contract?.owner ?? null,
    problem: contract?.problem ?? null,
    label: contract?.label ?? null,
    trainer: contract?.trainer ?? null,
    data: data.map(({ name, sha256, size }) => ({ name, sha256: sha256 ?? null, size: size ?? null })),
    judged:
      record === undefined
        ? null
        : {
            verdict: record.verdict,
            sentence: record.sentence,
            pull: record.pull,
            origin: record.origin,
            metrics: record.metrics,
            gates: record.gates,
            fingerprint: record.fingerprint,
            judged_by: record.judged_by,
            judged_at: record.judged_at,
            tool: record.tool,
          },
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
