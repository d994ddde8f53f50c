import type { Facts, Finding, RemoteFact } from "../facts.ts";

const WHY = "the jobs on GitHub fetch data from the remote, and publish the judged model there";
const MEND =
  'write "artifacts: { remote: oci://ghcr.io/OWNER/NAME }" to trainyard.yaml and push; or name a remote in .dvc/config that GitHub\'s runners can reach, push, and hand its credentials over as the secret TRAINYARD_REMOTE';

/** Is there a place for bytes that GitHub's runners can reach? */
export default function remote({ tree: { remote, pointers }, forge }: Facts): readonly Finding[] {
  switch (remote.kind) {
    case "service":
      return [];
    case "registry":
      return registry(remote, forge?.repository);
    case "broken":
      return [
        {
          name: "broken-remote",
          severity: "broken",
          what: remote.message,
          why: WHY,
          mend: "mend .dvc/config, or artifacts.remote in trainyard.yaml",
        },
      ];
    case "folder":
      return [
        {
          name: "folder-remote",
          severity: "broken",
          what: `the remote is the folder "${remote.url}"`,
          why: `${WHY}; a hosted runner does not have that folder`,
          mend: MEND,
          at: remote.at,
        },
      ];
    case "none":
      return pointers.length > 0
        ? [
            {
              name: "no-remote",
              severity: "broken",
              what: `no remote is set, and ${pointers[0]} names data that Git does not hold`,
              why: WHY,
              mend: MEND,
              at: { file: pointers[0] ?? "" },
            },
          ]
        : [
            {
              name: "no-remote",
              severity: "advice",
              what: "no remote is set",
              why: "the data are in Git, so a pull request can be trained; but the model that was judged has nowhere to stay",
              mend: MEND,
            },
          ];
  }
}

/** GitHub's registry needs no credentials but the workflow's own token, which is of use for one owner alone. */
function registry(
  { url, host, name }: Extract<RemoteFact, { kind: "registry" }>,
  repository: string | undefined,
): readonly Finding[] {
  const owner = repository?.split("/")[0]?.toLowerCase();
  if (/^(localhost|127\.|\[::1\])/.test(host)) {
    return [
      {
        name: "folder-remote",
        severity: "broken",
        what: `the remote is ${url}, a registry of this machine`,
        why: `${WHY}; a hosted runner does not have it`,
        mend: MEND,
      },
    ];
  }
  if (host === "ghcr.io" && owner !== undefined && name.split("/")[0] !== owner) {
    return [
      {
        name: "foreign-registry",
        severity: "broken",
        what: `the remote ${url} is not ${owner}'s`,
        why: "a workflow's token is sent to the packages of the workflow's own owner alone",
        mend: `write "artifacts: { remote: oci://ghcr.io/${owner}/${name.split("/").slice(1).join("/")} }" to trainyard.yaml`,
      },
    ];
  }
  if (host === "ghcr.io") return [];
  return [
    {
      name: "registry-login",
      severity: "advice",
      what: `the remote is ${url}, whose login the workflows have to be told`,
      why: "the workflow's own token opens ghcr.io alone",
      mend: `keep the lines TRAINYARD_REGISTRY=${host}, TRAINYARD_REGISTRY_USER=… and TRAINYARD_REGISTRY_PASSWORD=… in the secret TRAINYARD_REMOTE`,
    },
  ];
}
