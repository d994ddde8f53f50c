/*
 * Workflow files of a change that hand over what they like in the place of a training, and what they
 * hand over. They are harmless: they reach for a verdict and for a file beside a folder.
 */

/** A workflow of the name that is judged, whose one job does these steps. */
export const workflow = (steps: string): string => `name: Trainyard
on: pull_request
permissions: {}
jobs:
  propose:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
${steps}`;

/** Hands over a `trained.json`; `HEAD` in it is the commit of the pull request. */
export const handsOver = (trained: unknown): string =>
  workflow(`      - run: mkdir made && node -e 'fs.writeFileSync("made/trained.json", process.env.TEXT.replace("HEAD", process.env.HEAD))'
        env:
          TEXT: ${JSON.stringify(JSON.stringify(trained))}
          HEAD: \${{ github.event.pull_request.head.sha }}
      - uses: trainyard/trainyard/actions/send@v1
        with:
          name: trainyard-trained
          folder: made
`);

/** Packs its own archive by an action of the change itself. */
export const PACKS = workflow(`      - uses: trainyard/trainyard/actions/lay-out@v1
        with:
          token: \${{ github.token }}
          head: \${{ github.event.pull_request.head.sha }}
          base: \${{ github.event.pull_request.base.sha }}
      - uses: ./head/pack
`);

export const ACTION = "name: pack\ndescription: packs\nruns:\n  using: node24\n  main: pack.mjs\n";

/** Uploads an archive of one file that would land beside the folder it is unpacked to. */
export const PACK = `import { createHash } from "node:crypto";
const name = Buffer.from("../../escaped.txt");
const header = (signature, more) => {
  const bytes = Buffer.alloc(more);
  bytes.writeUInt32LE(signature, 0);
  return bytes;
};
const local = header(0x04034b50, 30);
local.writeUInt16LE(name.length, 26);
const central = header(0x02014b50, 46);
central.writeUInt16LE(name.length, 28);
const end = header(0x06054b50, 22);
end.writeUInt16LE(1, 8);
end.writeUInt16LE(1, 10);
end.writeUInt32LE(central.length + name.length, 12);
end.writeUInt32LE(local.length + name.length, 16);
const archive = Buffer.concat([local, name, central, name, end]);

const { ACTIONS_RESULTS_URL: url, ACTIONS_RUNTIME_TOKEN: token } = process.env;
const { scp } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
const [, run, job] = /Actions\\.Results:([^: ]+):([^ ]+)/.exec(scp);
const ids = { workflow_run_backend_id: run, workflow_job_run_backend_id: job, name: "trainyard-trained" };
const call = async (method, fields) => {
  const answer = await fetch(\`\${url}twirp/github.actions.results.api.v1.ArtifactService/\${method}\`, {
    method: "POST",
    headers: { authorization: \`Bearer \${token}\`, "content-type": "application/json" },
    body: JSON.stringify({ ...ids, ...fields }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
};
const { signed_upload_url } = await call("CreateArtifact", { version: 7, mime_type: "application/zip" });
const headers = { "x-ms-blob-type": "BlockBlob", "content-type": "application/zip" };
const put = await fetch(signed_upload_url, { method: "PUT", headers, body: archive });
if (!put.ok) throw new Error(await put.text());
const hash = "sha256:" + createHash("sha256").update(archive).digest("hex");
await call("FinalizeArtifact", { size: String(archive.length), hash });
`;
