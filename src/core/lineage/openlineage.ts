import { canonical } from "../artifacts/canonical.ts";
import { digestOf } from "../artifacts/digest.ts";
import type { Json } from "../artifacts/ingredient.ts";
import { type Lineage, type LineageNode, neighbours, type StageFacts } from "./graph.ts";

/*
 * A lineage as events of OpenLineage 2-0-2 (https://openlineage.io/spec/2-0-2/OpenLineage.json): each stage
 * is a job, the run that left what the lock says is its run, and what went in and came out are datasets.
 */

const PRODUCER = "https://github.com/trainyard/trainyard";
const SPEC = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";

/** What the repository says of itself. */
export interface LineageContext {
  /** Names jobs and datasets apart from those of others: the repository's address. */
  readonly namespace: string;
  /** `https://github.com/acme/wages`; undefined where it is on no forge. */
  readonly address: string | undefined;
  readonly commit: string | undefined;
  /** When the locks came to say what they say. ISO 8601. */
  readonly at: string;
  readonly version: string;
}

/** The events of all stages of a lineage, in their order. The same lineage has the same events. */
export function openLineage(lineage: Lineage, context: LineageContext): readonly object[] {
  return [...lineage.nodes.values()].flatMap((node) =>
    node.stage === undefined ? [] : [eventOf(lineage, node, node.stage, context)],
  );
}

function eventOf(lineage: Lineage, node: LineageNode, stage: StageFacts, context: LineageContext): object {
  const { namespace, at } = context;
  const [before, after] = (["up", "down"] as const).map((way) =>
    neighbours(lineage, node.id, way).flatMap((id) => lineage.nodes.get(id) ?? []),
  );
  const bytes = [...(before ?? []), ...(after ?? [])].map(({ name, md5 = "" }) => [name, md5]);
  const told = canonical([namespace, node.name, stage.fingerprint ?? "", bytes] as Json);
  return {
    eventType: "COMPLETE",
    eventTime: at,
    producer: PRODUCER,
    schemaURL: SPEC,
    run: { runId: uuidOf(told), facets: runFacets(stage, context) },
    job: { namespace, name: node.name, facets: jobFacets(stage, context) },
    inputs: (before ?? []).map((one) => ({ ...dataset(one, namespace), inputFacets: {} })),
    outputs: (after ?? []).map((one) => ({
      ...dataset(one, namespace, stage),
      outputFacets:
        stage.rows === undefined || !one.name.endsWith(".parquet")
          ? {}
          : {
              outputStatistics: facet("1-0-1/OutputStatisticsOutputDatasetFacet", {
                rowCount: stage.rows,
                ...(one.size === undefined ? {} : { size: one.size }),
              }),
            },
    })),
  };
}

function runFacets({ tool, backend, parameters }: StageFacts, { version }: LineageContext): object {
  const [name, ...rest] = (backend ?? `trainyard ${tool ?? version}`).split(" ");
  return {
    processing_engine: facet("1-1-0/ProcessingEngineRunFacet", {
      name,
      version: rest.join(" ") || (tool ?? version),
      openlineageAdapterVersion: version,
    }),
    ...(parameters.length === 0
      ? {}
      : {
          jobRunParameters: facet("1-0-0/JobRunParametersFacet", {
            parameters: parameters.map(({ name: key, value }) => ({ key, value: value ?? null })),
          }),
        }),
  };
}

function jobFacets({ folder, tool }: StageFacts, { address, commit }: LineageContext): object {
  const file = tool === "dvc" ? "dvc.yaml" : "trainyard.yaml";
  const path = folder === "" ? file : `${folder}/${file}`;
  return {
    jobType: facet("2-0-3/JobTypeJobFacet", {
      processingType: "BATCH",
      integration: tool === "dvc" ? "DVC" : "TRAINYARD",
      jobType: "STAGE",
    }),
    ...(address === undefined || commit === undefined
      ? {}
      : {
          sourceCodeLocation: facet("1-0-1/SourceCodeLocationJobFacet", {
            type: "git",
            url: `${address}/blob/${commit}/${path.split("/").map(encodeURIComponent).join("/")}`,
            repoUrl: `${address}.git`,
            path,
            version: commit,
          }),
        }),
  };
}

function dataset({ name, md5, sha256 }: LineageNode, namespace: string, made?: StageFacts): object {
  const version = sha256 === undefined ? md5 && `md5:${md5}` : `sha256:${sha256}`;
  const columns = Object.entries(made?.columns ?? {});
  return {
    namespace,
    name,
    facets: {
      ...(version === undefined
        ? {}
        : { version: facet("1-0-0/DatasetVersionDatasetFacet", { datasetVersion: version }) }),
      ...(columns.length === 0 || !name.endsWith(".parquet")
        ? {}
        : {
            schema: facet("1-0-0/SchemaDatasetFacet", {
              fields: columns.map(([column, type]) => ({ name: column, type })),
            }),
          }),
    },
  };
}

/** @param name version and name of the facet's schema */
function facet(name: string, fields: object): object {
  const kind = name.slice(name.indexOf("/") + 1);
  return {
    _producer: PRODUCER,
    _schemaURL: `https://openlineage.io/spec/facets/${name}.json#/$defs/${kind}`,
    ...fields,
  };
}

/**
 * A UUID of version 8 (RFC 9562, section 5.8): the same text has the same one.
 *
 * @example uuidOf("a") // => "ca978112-ca1b-8dca-bac2-31b39a23dc4d"
 */
export function uuidOf(text: string): string {
  const digits = digestOf(text).sha256;
  const variant = ((Number.parseInt(digits[16] ?? "0", 16) & 3) | 8).toString(16);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join("-");
}
