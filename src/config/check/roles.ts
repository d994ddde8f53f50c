import { labelColumns } from "../../core/tables/labels.ts";
import type { Contract } from "../contract.ts";
import { featureColumns } from "./features.ts";
import { type Check, type Finding, named } from "./finding.ts";

/** Roles whose columns are still needed after `personal` has had its say. */
const NEEDED = ["label", "id", "sensitive", "time", "group", "weight"] as const;

/** A column with a role is not dropped before it is used. */
export const droppedRoles: Check = {
  reads: ["data.roles", "data.personal", "prepare.values"],
  *find({ data, prepare }) {
    for (const role of NEEDED) {
      const columns = role === "label" ? (data.roles.labels ?? data.roles.label) : data.roles[role];
      for (const { column, path } of named(columns, ["data", "roles", role])) {
        const as = role === "sensitive" ? "the sensitive column" : `the ${role}`;
        if (data.personal[column] === "drop") {
          yield {
            path,
            message: `${as} "${column}" is dropped by data.personal; keep it there, or take the role away`,
          };
        }
        if (role !== "label" && role !== "sensitive") continue;
        for (const [index, step] of prepare.values.entries()) {
          const at = "drop" in step ? step.drop.indexOf(column) : -1;
          if (at === -1) continue;
          const why = role === "label" ? "nothing is left to learn" : "its groups could not be compared";
          const advice = "; columns that features does not name never enter the model";
          yield {
            path: ["prepare", "values", index, "drop", at],
            message: `${as} "${column}" is dropped here, so ${why}${advice}`,
          };
        }
      }
    }
  },
};

/** The label is what the model answers, never what it is told; not through a derived column either. */
export const labelAsFeature: Check = {
  reads: ["data.roles.label", "features"],
  *find({ data, features }) {
    for (const { column, path } of featureColumns(features)) {
      if (labelColumns(data.roles).includes(column)) {
        yield {
          path,
          message: `the label "${column}" is named as a feature; a model is not told its answer`,
        };
      }
    }
  },
};

/** A feature is there when features are made. */
export const droppedFeatures: Check = {
  reads: ["data.personal", "prepare.values", "features"],
  *find({ data, prepare, features }) {
    for (const { column, path } of featureColumns(features)) {
      const dropped = droppedBy(column, data.personal, prepare.values);
      if (dropped !== undefined) yield { path, message: `the feature "${column}" is dropped by ${dropped}` };
    }
  },
};

function droppedBy(
  column: string,
  personal: Contract["data"]["personal"],
  values: Contract["prepare"]["values"],
): string | undefined {
  let by = personal[column] === "drop" ? "data.personal" : undefined;
  for (const [index, step] of values.entries()) {
    if ("drop" in step && step.drop.includes(column)) by = `prepare.values[${index}]`;
    if ("derive" in step && column in step.derive) by = undefined;
  }
  return by;
}

/** Only two classes have a positive one. */
export const positiveClass: Check = {
  reads: ["task", "data.roles.positive"],
  *find({ task, data }): Iterable<Finding> {
    if (data.roles.positive === undefined || task === "binary-classification") return;
    const message = `"positive" names one of two classes, and the task is ${task}; take it out`;
    yield { path: ["data", "roles", "positive"], message };
  },
};
