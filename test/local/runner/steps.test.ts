import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { jobsOf, onPush, play } from "./stand-in.ts";

const inLines = (log = "") => log.split("\n");

describe("steps", () => {
  it("run in a workspace of their own, in a clean environment", async () => {
    const { a } = jobsOf(
      await play(
        onPush(`
a:
  runs-on: ubuntu-latest
  env: { OWN: "\${{ github.ref_name }}" }
  steps:
    - run: pwd; ls -A; env | sort
`),
      ),
    );
    assert.equal(a?.result, "success", a?.log);
    const names = inLines(a?.log).flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? []);
    const known = /^(GITHUB|RUNNER|GIT_CONFIG)_|^(CI|HOME|LANG|OWN|PATH|PWD|OLDPWD|SHLVL|_)$/;
    assert.deepEqual(
      names.filter((name) => !known.test(name)),
      [],
    );
    assert.ok(!names.includes("GITHUB_TOKEN"));
    const log = a?.log ?? "";
    assert.match(log, /OWN=main/);
    assert.match(log, /^GITHUB_SERVER_URL=http:\/\/github\.localhost:\d+$/m);
    assert.match(log, /^GITHUB_WORKFLOW_REF=acme\/wages\/\.github\/workflows\/a\.yml@refs\/heads\/main$/m);
    assert.match(log, /\/wages\/wages$/m);
    assert.ok(!inLines(log).includes("a.yml"), "the workspace is empty");
  });

  it("hand on outputs, variables, paths and summaries by files", async () => {
    const { a } = jobsOf(
      await play(
        onPush(`
a:
  runs-on: ubuntu-latest
  outputs: { whole: "\${{ steps.x.outputs.many }}", none: "\${{ steps.y.outputs.many }}" }
  steps:
    - id: x
      run: |
        echo "one=1" >> "$GITHUB_OUTPUT"
        printf 'many<<E\\nl1\\nl2\\nE\\n' >> "$GITHUB_OUTPUT"
        echo "LATER=for all" >> "$GITHUB_ENV"
        mkdir bin; printf '#!/bin/sh\\necho from the path\\n' > bin/mine; chmod +x bin/mine
        echo "$PWD/bin" >> "$GITHUB_PATH"
        echo "# One" >> "$GITHUB_STEP_SUMMARY"
    - env: { ONE: "\${{ steps.x.outputs.one }}", LATER: "here \${{ env.LATER }}" }
      run: |
        echo "one $ONE, later $LATER"; mine
        echo "# Two" >> "$GITHUB_STEP_SUMMARY"
    - run: echo "again \${{ env.LATER }}; $LATER"
`),
      ),
    );
    assert.deepEqual(a?.outputs, { whole: "l1\nl2", none: "" });
    assert.equal(a?.summary, "# One\n# Two\n");
    for (const line of ["one 1, later here for all", "from the path", "again for all; for all"]) {
      assert.ok(inLines(a?.log).includes(line), a?.log);
    }
  });

  it("obey commands, hide secrets, and hand on no output that shows one", async () => {
    const { a } = jobsOf(
      await play(
        onPush(`
a:
  runs-on: ubuntu-latest
  outputs: { open: "\${{ steps.x.outputs.open }}", closed: "\${{ steps.x.outputs.closed }}" }
  steps:
    - id: x
      env: { KEY: "\${{ secrets.key }}", TOKEN: "\${{ github.token }}", ABSENT: "\${{ secrets.absent }}" }
      run: |
        echo "the key is $KEY, the token $TOKEN, absent '$ABSENT'"
        echo "::add-mask::word"
        echo "a word"
        echo "::error file=a.py,line=3,title=No::it is $KEY%0Aand more"
        echo "::warning::beware"
        echo "::notice::well"
        echo "::debug::deep"
        echo "::group::Some"
        echo "::stop-commands::5c98413a-HALT"
        echo "::error::not heard"
        echo "::5c98413a-HALT::"
        echo "::notice::heard again"
        echo "closed=$KEY" >> "$GITHUB_OUTPUT"; echo "open=yes" >> "$GITHUB_OUTPUT"
        echo "shown $KEY" >> "$GITHUB_STEP_SUMMARY"
        for i in $(seq 12); do echo "::notice::$i"; done
`),
        {},
        { secrets: { "acme/wages": { KEY: "hunter2" } } },
      ),
    );
    assert.equal(a?.result, "success", a?.log);
    assert.doesNotMatch(JSON.stringify(a), /hunter2|ghs_/);
    for (const line of [
      "the key is ***, the token ***, absent ''",
      "a ***",
      "##[debug]deep",
      "##[group]Some",
      "::error::not heard",
    ]) {
      assert.ok(inLines(a?.log).includes(line), a?.log);
    }
    assert.deepEqual(a?.annotations.slice(0, 3), [
      { level: "error", message: "it is ***\nand more", file: "a.py", line: 3, title: "No" },
      { level: "warning", message: "beware" },
      { level: "notice", message: "well" },
    ]);
    assert.equal(a?.annotations[3]?.message, "heard again");
    assert.equal(a?.annotations.filter(({ level }) => level === "notice").length, 10);
    assert.deepEqual(a?.outputs, { open: "yes", closed: "" });
    assert.equal(a?.summary, "shown ***\n");
  });

  it("go on, stop or are left out as their conditions say", async () => {
    const { a, b } = jobsOf(
      await play(
        onPush(`
a:
  runs-on: ubuntu-latest
  steps:
    - { id: soft, run: exit 3, continue-on-error: true }
    - { run: 'echo "soft \${{ steps.soft.outcome }} \${{ steps.soft.conclusion }} \${{ job.status }}"' }
    - { id: out, if: "github.ref_name == 'other'", run: echo never }
    - { run: 'echo "out \${{ steps.out.outcome }}"' }
    - { name: "Hard \${{ github.ref_name }}", run: "false" }
    - { run: echo never }
    - { if: failure(), run: 'echo "after \${{ job.status }}"' }
    - { if: always(), run: echo always }
b:
  runs-on: [self-hosted, gpu]
  defaults: { run: { shell: bash, working-directory: deep/er } }
  steps:
    - { run: mkdir -p deep/er, working-directory: . }
    - { run: 'echo "in \${PWD##*/}"; false | true; echo never' }
    - { if: always(), shell: sh, run: 'false | true; echo "$0" | sed "s/.*[.]/a script of ./"' }
    - { if: always(), shell: "node {0}", run: 'console.log("by node", 1 + 1)' }
    - { if: always(), timeout-minutes: 0.003, run: sleep 20 }
    - { if: always(), working-directory: nowhere, run: echo never }
`),
      ),
    );
    assert.equal(a?.result, "failure");
    assert.deepEqual(
      inLines(a?.log).filter((line) => /^(soft|out|after|always|never)/.test(line)),
      ["soft failure success success", "out skipped", "after failure", "always"],
    );
    assert.ok(a?.log.includes("##[group]Hard main"));
    assert.deepEqual(a?.annotations.at(-1), {
      level: "error",
      message: "Process completed with exit code 1.",
    });
    assert.equal(b?.result, "failure");
    assert.deepEqual(
      inLines(b?.log).filter((line) => /^(in |a script|by|never)/.test(line)),
      ["in er", "a script of .sh", "by node 2"],
    );
    assert.deepEqual(
      b?.annotations.map(({ message }) => message),
      [
        "Process completed with exit code 1.",
        "The action 'Run sleep 20' has timed out after 0.003 minutes.",
        'the working directory "nowhere" is not there',
      ],
    );
  });

  it("fail over files and commands that GitHub refuses", async () => {
    const { a } = jobsOf(
      await play(
        onPush(`
a:
  runs-on: ubuntu-latest
  steps:
    - run: echo nonsense >> "$GITHUB_ENV"
    - { if: always(), run: 'echo "NODE_OPTIONS=--require=x" >> "$GITHUB_ENV"' }
    - { if: always(), run: "echo '::set-env name=a::b'" }
`),
      ),
    );
    assert.deepEqual(
      a?.annotations.map(({ message }) => message),
      [
        "Unable to process file command 'env' successfully. Invalid format 'nonsense'",
        "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
        "The `set-env` command is disabled. Please use the environment files.",
      ],
    );
  });
});
