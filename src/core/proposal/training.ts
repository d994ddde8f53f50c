/** What is known of a pull request when it is decided whether to train. */
export interface Asked {
  /** `train.when` of the contract. */
  readonly when: "ready" | "label" | "command" | "push";
  readonly draft: boolean;
  readonly labels: readonly string[];
  /** Whether somebody with write access asked for this very commit. */
  readonly asked: boolean;
  /** Different trainings that were judged for this pull request, beside this one. */
  readonly used: number;
  /** How many there may be; undefined for any number. */
  readonly budget: number | undefined;
}

/** The label that asks for a training where the contract says `when: label`. */
export const TRAIN_LABEL = "trainyard:train";

/**
 * Why a model is not to be trained now, and how to go on; undefined where it is to be.
 *
 * @example heldFor({ when: "ready", draft: false, labels: [], asked: false, used: 0, budget: 20 }) // => undefined
 * @example heldFor({ when: "ready", draft: true, labels: [], asked: false, used: 0, budget: 20 }) // => "it is a draft, and train.when is ready; mark it ready for review"
 * @example heldFor({ when: "ready", draft: true, labels: [], asked: true, used: 0, budget: 20 }) // => undefined
 * @example heldFor({ when: "push", draft: true, labels: [], asked: false, used: 20, budget: 20 }) // => "its budget of 20 trainings is used up; raise `budget` in the workflow, or open another pull request"
 */
export function heldFor({ when, draft, labels, asked, used, budget }: Asked): string | undefined {
  if (budget !== undefined && used >= budget) {
    return `its budget of ${budget} trainings is used up; raise \`budget\` in the workflow, or open another pull request`;
  }
  if (asked || when === "push") return undefined;
  if (when === "ready") {
    return draft ? "it is a draft, and train.when is ready; mark it ready for review" : undefined;
  }
  if (when === "label") {
    return labels.includes(TRAIN_LABEL)
      ? undefined
      : `train.when is label, and it has no label ${TRAIN_LABEL}; add it`;
  }
  return "train.when is command; somebody with write access comments `/trainyard train COMMIT`";
}

/**
 * How to have a model trained that was not, by what the contract says of when; for the judge, who knows
 * neither drafts nor labels.
 *
 * @example howToTrain("ready") // => "it is trained once the pull request is ready for review, or on `/trainyard train COMMIT`"
 */
export function howToTrain(when: Asked["when"]): string {
  const command = "`/trainyard train COMMIT`";
  switch (when) {
    case "ready":
      return `it is trained once the pull request is ready for review, or on ${command}`;
    case "label":
      return `it is trained on the label ${TRAIN_LABEL}, or on ${command}`;
    case "command":
      return `it is trained on ${command} from somebody with write access`;
    case "push":
      return `it is trained at every push; see the run of the training, or ask for it with ${command}`;
  }
}
