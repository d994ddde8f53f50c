/*
 * Lines with which an action speaks to the runner: `::error file=a.yaml,line=3::message`. Written here
 * and not by @actions/core, whose loading alone takes longer than refusing a wrong input.
 */

type Properties = Readonly<Record<string, string | number | undefined>>;

/**
 * One command, its text escaped so that nothing of it begins another.
 *
 * @example workflowCommand("error", { file: "a,b.yaml", line: 3, col: undefined }, "50% of\n::add-mask::x") // => "::error file=a%2Cb.yaml,line=3::50%25 of%0A::add-mask::x"
 * @example workflowCommand("stop-commands", {}, "token") // => "::stop-commands::token"
 */
export function workflowCommand(name: string, properties: Properties, message: string): string {
  const told = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : `${key}=${property(String(value))}`,
  );
  return `::${name}${told.length === 0 ? "" : ` ${told.join(",")}`}::${data(message)}`;
}

const data = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
