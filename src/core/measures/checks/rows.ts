import { type Check, numberOf } from "./check.ts";

/** How many rows there are, none included: an empty table is an answer here. */
export default function rows(atLeast: number | undefined, atMost: number | undefined): Check {
  const parts = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast.toLocaleString("en-US")}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost.toLocaleString("en-US")}`]),
  ];
  return {
    title: `there are ${parts.length === 0 ? "any number of" : parts.join(" and ")} rows`,
    column: null,
    aggregates: { rows: "count(*)" },
    allow: 0,
    measure(found) {
      const count = numberOf(found, "rows");
      return {
        count: null,
        rows: count,
        holds: count >= (atLeast ?? 0) && count <= (atMost ?? Number.POSITIVE_INFINITY),
        observed: `${count.toLocaleString("en-US")} rows`,
      };
    },
  };
}
