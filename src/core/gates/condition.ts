import { FAIRNESS } from "../measures/fairness/table.ts";
import { METRICS } from "../measures/metrics/catalogue.ts";
import { labelMetricName, OF_LABEL } from "../measures/metrics/of-label.ts";
import { PERTURBATIONS, type PerturbationName } from "../robustness/names.ts";
import { nearest } from "../text/nearest.ts";
import { type Against, BY_GROUP, type ByGroup, rateNamed, requireSense } from "./by-group.ts";
import { ConditionError, numberOf, type Token, tokensOf } from "./tokens.ts";

export { ConditionError } from "./tokens.ts";

export type Operator = ">=" | "<=" | ">" | "<";

/** What a gate's value is held against: a number, or the baseline's value times a factor plus a margin. */
export type Right =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "baseline"; readonly times: number; readonly plus: number };

/** A metric that the contract defines, as far as conditions know it. */
export interface CustomName {
  readonly name: string;
  readonly better: "higher" | "lower";
}

/** A gate's condition, taken apart. */
export interface Condition {
  readonly text: string;
  readonly metric: string;
  /** The one label that it is asked of, where rows may carry several; `metric` names both. */
  readonly label?: string;
  /** The sensitive column, for fairness measures. */
  readonly by?: string;
  readonly operator: Operator;
  readonly right: Right;
  /** What is asked of every group on its own, where that is the question. */
  readonly groups?: ByGroup;
  /** Where it is a metric that the contract defines; `worst`: each group on its own is asked. */
  readonly custom?: { readonly worst: boolean };
  /** Where it is asked how much worse the metric gets: on rows that are perturbed like this, or in any way. */
  readonly drop?: { readonly under: PerturbationName | "any" };
}

/**
 * Reads a gate's condition: `METRIC [by COLUMN | of LABEL] OPERATOR RIGHT`.
 *
 * OPERATOR is `>=`, `<=`, `>` or `<`. RIGHT is a number, `baseline`, `baseline + NUMBER`, `baseline - NUMBER`
 * or `baseline * NUMBER`. A number may be a percentage: `5%` is 0.05, so `baseline - 5%` is five
 * hundredths below and `baseline * 95%` is a twentieth below. A column whose name is not a plain
 * word stands in double quotes. Fairness measures need `by COLUMN`; other metrics must not have it.
 *
 * What is asked of every group on its own: `worst_group RATE by COLUMN OPERATOR RIGHT`, and
 * `four_fifths by COLUMN [against best|majority|"GROUP"] >= NUMBER`, against the best if nothing is said.
 *
 * How much worse a metric gets on perturbed rows: `drop METRIC under PERTURBATION <= NUMBER`, or `under any`.
 *
 * @throws {ConditionError} that quotes what was found and says what is right
 * @example parseCondition("roc_auc >= 0.80") // => { text: "roc_auc >= 0.80", metric: "roc_auc", operator: ">=", right: { kind: "number", value: 0.8 } }
 * @example parseCondition("log_loss <= baseline + 1%").right // => { kind: "baseline", times: 1, plus: 0.01 }
 * @example parseCondition("mae < baseline * 1.05").right // => { kind: "baseline", times: 1.05, plus: 0 }
 * @example parseCondition('equalized_odds_difference by "home country" <= 15%').by // => "home country"
 * @example parseCondition("recall of snow >= 60%").metric // => "recall of snow"
 * @example parseCondition("worst_group recall by race >= baseline - 0.02").groups // => { kind: "worst_group", rate: "true_positive_rate" }
 * @example parseCondition('four_fifths by gender against "male" >= 0.8').groups // => { kind: "four_fifths", rate: "selection_rate", against: { group: "male" } }
 * @example parseCondition("drop roc_auc under noise <= 0.02").drop // => { under: "noise" }
 * @example parseCondition("worst_group recall by race <= 0.8") // throws 'true_positive_rate is the better the higher; write >='
 * @example parseCondition("f1_score >= 0.8") // throws 'unknown metric "f1_score"; did you mean "f1"?'
 * @example parseCondition("roc_auc = 0.8") // throws 'unknown operator "="; right are >=, <=, > and <'
 */
export function parseCondition(text: string, custom: readonly CustomName[] = []): Condition {
  const words = reader(text);
  const metric = words.take("name", "a metric");
  if (BY_GROUP.some((word) => word === metric.text)) return ofGroups(text, metric, words, custom);
  if (metric.text === "drop") return ofDrop(text, words);
  requireMetric(metric, custom);
  const label = words.skip("name", "of") === undefined ? undefined : words.take("name", "a label");
  if (label !== undefined) return ofOneLabel(text, metric, label.text, words);
  const own = custom.some(({ name }) => name === metric.text) ? { custom: { worst: false } } : {};
  const by = words.skip("name", "by") === undefined ? undefined : words.take("name", "a column");
  requireColumn(metric, by, custom);
  const operator = readOperator(words);
  const right = words.skip("name", "baseline") === undefined ? readNumber(words) : readBaseline(words);
  words.end();
  return { text, metric: metric.text, ...(by === undefined ? {} : { by: by.text }), operator, right, ...own };
}

function ofOneLabel(text: string, { text: name, at }: Token, label: string, words: Reader): Condition {
  if (!OF_LABEL.some((own) => own === name)) {
    throw new ConditionError(
      `"${name}" is not measured of one label; those that are: ${OF_LABEL.join(", ")}`,
      at,
    );
  }
  const operator = readOperator(words);
  const right = words.skip("name", "baseline") === undefined ? readNumber(words) : readBaseline(words);
  words.end();
  return { text, metric: labelMetricName(name, label), label, operator, right };
}

function ofGroups(text: string, opening: Token, words: Reader, custom: readonly CustomName[]): Condition {
  const four = opening.text === "four_fifths";
  const rate = four ? undefined : words.take("name", "a rate, such as recall");
  const own = custom.find(({ name }) => name === rate?.text);
  const groups: ByGroup | undefined =
    rate === undefined || own !== undefined ? undefined : { kind: "worst_group", rate: rateNamed(rate) };
  if (words.skip("name", "by") === undefined) {
    const asked = four ? opening.text : `${opening.text} ${rate?.text}`;
    const message = `"${asked}" compares groups; write "${asked} by COLUMN"`;
    throw new ConditionError(message, opening.at + asked.length);
  }
  const by = words.take("name", "a column").text;
  if (own !== undefined) return ofCustomGroups(text, own, by, words, rate?.at ?? 0);
  const asked = groups ?? { kind: "four_fifths", rate: "selection_rate", against: readAgainst(words) };
  const operator = readOperator(words);
  const right = words.skip("name", "baseline") === undefined ? readNumber(words) : readBaseline(words);
  words.end();
  requireSense(asked, operator, right, (rate ?? opening).at);
  return { text, metric: (rate ?? opening).text, by, operator, right, groups: asked };
}

function ofCustomGroups(
  text: string,
  { name, better }: CustomName,
  by: string,
  words: Reader,
  at: number,
): Condition {
  const operator = readOperator(words);
  const right = words.skip("name", "baseline") === undefined ? readNumber(words) : readBaseline(words);
  words.end();
  if (operator.startsWith(">") !== (better === "higher")) {
    throw new ConditionError(
      `${name} is the better the ${better}; write ${better === "higher" ? ">=" : "<="}`,
      at,
    );
  }
  return { text, metric: name, by, operator, right, custom: { worst: true } };
}

function ofDrop(text: string, words: Reader): Condition {
  const metric = words.take("name", "a metric");
  if (!METRICS.has(metric.text)) {
    const near = nearest(metric.text, [...METRICS.keys()]);
    const meant = near === undefined ? "" : `; did you mean "${near}"?`;
    throw new ConditionError(`"${metric.text}" is not a metric that can drop${meant}`, metric.at);
  }
  if (words.skip("name", "under") === undefined) {
    const asked = `drop ${metric.text}`;
    throw new ConditionError(
      `"${asked}" of what? write "${asked} under noise <= 0.02"`,
      metric.at + metric.text.length,
    );
  }
  const named = words.take("name", "a perturbation, such as noise");
  const under = named.text === "any" ? "any" : PERTURBATIONS.find((name) => name === named.text);
  if (under === undefined) {
    throw new ConditionError(
      `unknown perturbation "${named.text}"; right are any, ${PERTURBATIONS.join(", ")}`,
      named.at,
    );
  }
  const operator = readOperator(words);
  if (operator.startsWith(">"))
    throw new ConditionError("a drop is the better the lower; write <=", named.at + named.text.length);
  const right = readNumber(words);
  words.end();
  return { text, metric: metric.text, operator, right, drop: { under } };
}

function readAgainst(words: Reader): Against {
  if (words.skip("name", "against") === undefined) return "best";
  const { text, quoted } = words.take("name", "best, majority or a group");
  if (quoted === true) return { group: text };
  return text === "best" || text === "majority" ? text : { group: text };
}

/** Words of a condition, one after the other. */
interface Reader {
  /** The next word, which must be of this kind. */
  take(kind: Token["kind"], wanted: string): Token;
  /** The next word if it is of this kind (and this text); else nothing is read. */
  skip(kind: Token["kind"], text?: string): Token | undefined;
  /** There must be no more. */
  end(): void;
}

function reader(text: string): Reader {
  const tokens = tokensOf(text);
  let next = 0;
  return {
    take(kind, wanted) {
      const token = tokens[next++];
      if (token?.kind === kind) return token;
      if (token !== undefined) throw new ConditionError(`"${token.text}" is not ${wanted}`, token.at);
      throw new ConditionError(`"${text}" ends where ${wanted} should stand`, text.length);
    },
    skip(kind, wanted) {
      const token = tokens[next];
      if (token?.kind !== kind || (wanted !== undefined && token.text !== wanted)) return undefined;
      next++;
      return token;
    },
    end() {
      const rest = tokens[next];
      if (rest === undefined) return;
      throw new ConditionError(`"${text.slice(rest.at)}" is too much; a condition ends before it`, rest.at);
    },
  };
}

function readOperator(words: Reader): Operator {
  const { text, at } = words.take("operator", `an operator: ${OPERATORS}`);
  if (text === ">=" || text === "<=" || text === ">" || text === "<") return text;
  throw new ConditionError(`unknown operator "${text}"; right are ${OPERATORS}`, at);
}

const OPERATORS = ">=, <=, > and <";

function readNumber(words: Reader): Right {
  return { kind: "number", value: signOf(words) * numberOf(words.take("number", "a number or baseline")) };
}

function readBaseline(words: Reader): Right {
  if (words.skip("times") !== undefined) {
    return { kind: "baseline", times: numberOf(words.take("number", "a number")), plus: 0 };
  }
  const sign = signOf(words, 0);
  const plus = sign === 0 ? 0 : sign * numberOf(words.take("number", "a number"));
  return { kind: "baseline", times: 1, plus };
}

function signOf(words: Reader, without = 1): number {
  const sign = words.skip("sign");
  if (sign === undefined) return without;
  return sign.text === "+" ? 1 : -1;
}

function requireMetric({ text, at }: Token, custom: readonly CustomName[]): void {
  const names = [
    ...custom.map(({ name }) => name),
    ...METRICS.keys(),
    ...FAIRNESS.keys(),
    ...BY_GROUP,
    "drop",
  ];
  if (names.includes(text)) return;
  const meant = nearest(text, names) ?? names.find((name) => text.startsWith(name) || name.startsWith(text));
  const hint = meant === undefined ? "" : `did you mean "${meant}"? `;
  throw new ConditionError(`unknown metric "${text}"; ${hint}available: ${names.join(", ")}`, at);
}

function requireColumn(metric: Token, by: Token | undefined, custom: readonly CustomName[]): void {
  const fairness = FAIRNESS.has(metric.text);
  if (fairness && by === undefined) {
    const message = `"${metric.text}" compares groups; write "${metric.text} by COLUMN"`;
    throw new ConditionError(message, metric.at + metric.text.length);
  }
  if (by !== undefined && custom.some(({ name }) => name === metric.text)) {
    throw new ConditionError(`of each group is asked by "worst_group ${metric.text} by COLUMN"`, by.at);
  }
  if (!fairness && by !== undefined) {
    const message = `"${metric.text}" is not measured by group; those that are: ${[...FAIRNESS.keys()].join(", ")}`;
    throw new ConditionError(message, by.at);
  }
}
