import type { Facts, Finding } from "../facts.ts";

const WHY =
  "the jobs on GitHub fetch data from the remote in .dvc/config, and publish the judged model there";
const MEND =
  "name a remote in .dvc/config that GitHub's runners can reach, push, and hand its credentials over as the secret TRAINYARD_REMOTE";

/** Is there a place for bytes that GitHub's runners can reach? */
export default function remote({ tree: { remote, pointers } }: Facts): readonly Finding[] {
  switch (remote.kind) {
    case "service":
      return [];
    case "broken":
      return [
        {
          name: "broken-remote",
          severity: "broken",
          what: remote.message,
          why: WHY,
          mend: "mend .dvc/config",
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
