import { predictsNumbers } from "../../core/measures/task.ts";
import type { Check } from "./finding.ts";

/** Something is left on each side. */
export const shares: Check = {
  reads: ["split.holdout", "split.validation"],
  *find({ split: { holdout, validation } }) {
    const percent = (share: number) => `${Number((share * 100).toPrecision(6))}%`;
    if (holdout === 0) {
      const message = "a holdout of 0% is empty, so nothing could be evaluated; 20% is usual";
      yield { path: ["split", "holdout"], message };
    }
    if (holdout + validation >= 1) {
      const sum = `a holdout of ${percent(holdout)} and a validation of ${percent(validation)}`;
      yield {
        path: ["split", "holdout"],
        message: `${sum} leave no row to train on; together they are less than 100%`,
      };
    }
  },
};

/** What the split says fits what it goes by. */
export const splitOptions: Check = {
  reads: ["split.by", "split.embargo", "split.stratify", "split.epoch", "data.roles.time", "task"],
  *find({ split, data, task }) {
    if (split.by === "time" && data.roles.time === undefined) {
      yield { path: ["split", "by"], message: 'a split by time needs data.roles.time: "time: COLUMN"' };
    }
    if (split.embargo !== undefined && split.by !== "time") {
      yield {
        path: ["split", "embargo"],
        message: `an embargo belongs to a split "by: time", and this one is by ${split.by}`,
      };
    }
    if (split.epoch !== undefined && split.by === "time") {
      yield {
        path: ["split", "epoch"],
        message: "a split by time draws nothing: newer rows are its new holdout; take the epoch out",
      };
    }
    if (split.stratify === undefined) return;
    if (split.by !== "random") {
      yield {
        path: ["split", "stratify"],
        message: `"stratify" belongs to a split "by: random", and this one is by ${split.by}`,
      };
    }
    if (predictsNumbers(task)) {
      yield {
        path: ["split", "stratify"],
        message: "the label of a regression has no classes to stratify by; take it out",
      };
    }
  },
};
