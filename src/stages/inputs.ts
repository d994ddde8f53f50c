import { EXIT, UserError } from "../errors.ts";

/*
 * What a stage is told, declared once: the command line's options, their help, an action's inputs and
 * the tables in the docs are all made from these.
 */

interface Declared<Kind extends string> {
  readonly kind: Kind;
  /** One line for a person, without a full stop. */
  readonly about: string;
  /** Given without a name on the command line: `trainyard add PATH`. */
  readonly positional?: boolean;
  /** One letter for the command line, where DVC has one: `d` for `-d`. */
  readonly short?: string;
}

export type TextInput = Declared<"text"> & { readonly default?: string; readonly placeholder?: string };
export type RequiredInput = Declared<"required"> & { readonly placeholder?: string };
export type NumberInput = Declared<"number"> & { readonly default?: number };
export type FlagInput = Declared<"flag">;
export type ListInput = Declared<"list"> & {
  readonly placeholder?: string;
  /** Takes all words up to the next option, as DVC's lists do. */
  readonly several?: boolean;
};
export type ChoiceInput<C extends string = string> = Declared<"choice"> & {
  readonly choices: readonly C[];
  readonly default: C;
};

export type Input = TextInput | RequiredInput | NumberInput | FlagInput | ListInput | ChoiceInput;
export type Inputs = Readonly<Record<string, Input>>;

type ValueOf<I extends Input> = I extends FlagInput
  ? boolean
  : I extends ListInput
    ? readonly string[]
    : I extends RequiredInput
      ? string
      : I extends ChoiceInput<infer C>
        ? C
        : I extends NumberInput
          ? number | undefined
          : string | undefined;

/** What a stage's function is given: a value for each declared input. */
export type Values<I extends Inputs> = { readonly [Name in keyof I]: ValueOf<I[Name]> };

type More<T> = Omit<T, "kind" | "about">;

export const text = (about: string, more: More<TextInput> = {}): TextInput => ({
  kind: "text",
  about,
  ...more,
});
export const required = (about: string, more: More<RequiredInput> = {}): RequiredInput => ({
  kind: "required",
  about,
  ...more,
});
export const number = (about: string, more: More<NumberInput> = {}): NumberInput => ({
  kind: "number",
  about,
  ...more,
});
export const flag = (about: string, more: More<FlagInput> = {}): FlagInput => ({
  kind: "flag",
  about,
  ...more,
});
export const list = (about: string, more: More<ListInput> = {}): ListInput => ({
  kind: "list",
  about,
  ...more,
});
export const choice = <const C extends string>(
  about: string,
  choices: readonly C[],
  initial: NoInfer<C>,
): ChoiceInput<C> => ({ kind: "choice", about, choices, default: initial });

/**
 * The option's name for people: `dryRun` is `--dry-run`, and the action's input `dry-run`.
 *
 * @example kebab("dryRun") // => "dry-run"
 */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * Typed values from the strings that a host has: the command line's or an action's.
 *
 * @param raw the host's answer for a name: a string, several, a flag, or undefined where nothing was said
 * @param called how the host's people call an input, for messages; else as on the command line
 * @throws {UserError} exit 2, naming the option and what it takes
 */
export function parseInputs<I extends Inputs>(
  inputs: I,
  raw: (name: string) => string | boolean | readonly string[] | undefined,
  called: (name: string, input: Input) => string = optionOf,
): Values<I> {
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, parseInput(called(name, input), input, raw(name))]),
  );
  return values as Values<I>;
}

const optionOf = (name: string, { positional }: Input): string => (positional ? name : `--${kebab(name)}`);

function parseInput(
  option: string,
  input: Input,
  raw: string | boolean | readonly string[] | undefined,
): unknown {
  switch (input.kind) {
    case "flag":
      return raw === true || raw === "true";
    case "list":
      if (raw === undefined || typeof raw === "boolean" || raw === "") return [];
      return typeof raw === "string" ? raw.split("\n").filter((line) => line !== "") : raw;
    case "number": {
      if (raw === undefined || raw === "") return input.default;
      const value = Number(raw);
      if (Number.isFinite(value)) return value;
      throw new UserError(`${option} is "${String(raw)}"; it takes a number`, { exit: EXIT.usage });
    }
    case "choice": {
      const value = raw === undefined || raw === "" ? input.default : String(raw);
      if (input.choices.includes(value)) return value;
      throw new UserError(`${option} is "${value}"; it takes ${input.choices.join(", ")}`, {
        exit: EXIT.usage,
      });
    }
    case "required":
      if (raw === undefined || raw === "")
        throw new UserError(`${option} is missing: ${input.about}`, { exit: EXIT.usage });
      return String(raw);
    case "text":
      return raw === undefined || raw === "" ? input.default : String(raw);
  }
}
