import { lastEnvironments } from "../../core/deployments/environments.ts";
import { nearest } from "../../core/text/nearest.ts";
import type { Contract } from "../contract.ts";
import { wordList } from "../words.ts";
import type { Check } from "./finding.ts";

/** Each environment comes after one that there is, and following them back one arrives at main. */
export const promotion: Check = {
  reads: ["deploy"],
  *find({ deploy }) {
    const names = Object.keys(deploy);
    const told = new Set<string>();
    for (const [name, { after }] of Object.entries(deploy)) {
      const path = ["deploy", name, "after"];
      if (after === undefined) continue;
      if (after === name) {
        yield {
          path,
          message: `"${name}" comes after itself; name another environment, or take the key out`,
        };
      } else if (!names.includes(after)) {
        yield { path, message: `no environment "${after}" under deploy; ${guessed(after, names)}` };
      } else {
        const circle = circleFrom(name, deploy);
        if (circle.length < 3 || told.has(name)) continue;
        for (const one of circle) told.add(one);
        const message = `${circle.join(" after ")} is a circle, so that no version arrives in it; take one "after" out`;
        yield { path, message };
      }
    }
  },
};

/** An environment and those before it, if they lead back to it: `["a", "b", "a"]`; else nothing. */
function circleFrom(name: string, deploy: Contract["deploy"]): readonly string[] {
  const way = [name];
  for (let at = deploy[name]?.after; at !== undefined && way.length <= Object.keys(deploy).length; ) {
    way.push(at);
    if (at === name) return way;
    at = deploy[at]?.after;
  }
  return [];
}

/**
 * One environment follows main. With several, an `after` that was forgotten would bring what was merged
 * to production at once.
 */
export const followsMain: Check = {
  reads: ["deploy"],
  *find({ deploy }) {
    const [first, ...others] = Object.keys(deploy).filter((name) => deploy[name]?.after === undefined);
    for (const name of others) {
      const message = `"${first}" and "${name}" both follow main, and one environment does; say "after: ${first}" here`;
      yield { path: ["deploy", name], message };
    }
  },
};

/** What is served is read back from its address, so an address is that of one environment. */
export const addresses: Check = {
  reads: ["deploy"],
  *find({ deploy }) {
    const known = new Map<string, string>();
    for (const [name, { url }] of Object.entries(deploy)) {
      if (url === undefined) continue;
      const address = new URL(url).href.replace(/\/$/, "");
      const other = known.get(address);
      known.set(address, other ?? name);
      if (other === undefined) continue;
      const message = `"${other}" answers at this address, too; one server serves one environment`;
      yield { path: ["deploy", name, "url"], message };
    }
  },
};

/** The name stands in tags and in the path of each desired state. */
export const deployedName: Check = {
  reads: ["model", "deploy"],
  *find({ model, deploy }) {
    if (Object.keys(deploy).length === 0 || model.length <= LONGEST) return;
    const message = `the name has ${model.length} characters; a model that is deployed has at most ${LONGEST}`;
    yield { path: ["model"], message };
  },
};

const LONGEST = 100; // as core/deployments/desired.ts has it

/** The predictions that are looked at are those of an environment that there is. */
export const monitored: Check = {
  reads: ["deploy", "monitor"],
  *find({ deploy, monitor }) {
    const names = Object.keys(deploy);
    if (monitor === undefined || names.length === 0) return; // what serves it is not ours
    const { environment } = monitor;
    if (environment !== undefined) {
      if (names.includes(environment)) return;
      const message = `no environment "${environment}" under deploy; ${guessed(environment, names)}`;
      yield { path: ["monitor", "environment"], message };
      return;
    }
    const last = lastEnvironments(deploy);
    if (last.length < 2) return;
    const message = `${last.map((name) => `"${name}"`).join(" and ")} are both last; say which is looked at: "environment: ${last[0]}"`;
    yield { path: ["monitor"], message };
  },
};

function guessed(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return `${near === undefined ? "" : `did you mean "${near}"? `}the environments: ${wordList(names)}`;
}
