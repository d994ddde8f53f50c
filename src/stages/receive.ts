import { resolve } from "node:path";
import { formatCount } from "../core/report/numbers.ts";
import { formatBytes } from "../core/text/bytes.ts";
import { EXIT, UserError } from "../errors.ts";
import { flag, number, required, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/*
 * Whoever trained may have made an archive to fill the disk of the one who unpacks it.
 */

/** Bytes of an archive: a million rows of forty features as 32-bit numbers are 160 MB. */
const ARCHIVE = 200e6;
/** Bytes of what is in it: Parquet and weights hardly shrink, and ten times as much still fits a runner's disk. */
const CONTENT = 2e9;
/** A change's code and its models are hundreds of files; every one costs a system call. */
const FILES = 20_000;

/** `$/actions/receive`: an artifact of this run, or of another, becomes a folder. */
export default defineStage({
  name: "receive",
  summary: "Take what an earlier job handed over, as plain files and within limits.",
  inputs: {
    name: required("What it is called", { placeholder: "name" }),
    folder: required("Where it is put; not there yet, or empty", { placeholder: "path" }),
    runId: number("The workflow run that handed it over; else this one"),
    token: text("Reads what another run handed over", { placeholder: "token" }),
    digest: text("What `send` answered as digest; anything else of that name is refused", {
      placeholder: "sha256:…",
    }),
    optional: flag("Nothing of that name is no mistake"),
  },
  outputs: { found: "true where there was something of that name, else false" },
  action: {
    icon: "inbox",
    color: "gray-dark",
    permissions: ["actions: read # what another run handed over; nothing where it was this run"],
  },
  command: false,

  async run({ name, folder, runId, token, digest, optional }, ports) {
    const received = await ports.handoff.receive({
      name,
      folder: resolve(ports.folder, folder),
      digest: digest === undefined ? undefined : sha256(digest),
      from: runId === undefined ? undefined : { run: whole(runId), token: given(token) },
      most: { archive: ARCHIVE, content: CONTENT, files: FILES },
    });
    const run = runId === undefined ? "this run" : `run ${runId}`;
    if (received === undefined) {
      if (!optional) throw new UserError(`${run} handed nothing over as "${name}"`);
      return {
        outputs: { found: "false" },
        text: `${run} handed nothing over as "${name}"`,
        json: { name, found: false },
      };
    }
    const { files, bytes } = received;
    return {
      outputs: { found: "true" },
      text: `took "${name}" of ${run}: ${formatCount(files)} files, ${formatBytes(bytes)}`,
      json: { name, found: true, files, bytes },
    };
  },
});

function whole(run: number): number {
  if (Number.isSafeInteger(run) && run > 0) return run;
  throw new UserError(`run-id is "${run}"; it takes the number of a workflow run`, { exit: EXIT.usage });
}

/** A digest that we would not compare is none. */
function sha256(digest: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw new UserError(`digest is "${digest}"; it takes sha256: and 64 digits`, { exit: EXIT.usage });
}

function given(token: string | undefined): string {
  if (token !== undefined) return token;
  throw new UserError("token is missing: another run is read with one", { exit: EXIT.usage });
}
