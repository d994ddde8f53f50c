// Makes data/applications.csv: applications for credit that nobody ever wrote. Run: node make-applications.mjs
//
// They are made to show one thing. Locals and newcomers earn the same and repay alike, but a bureau that has
// known newcomers for a few months only scores them lower, whoever they are. A model that reads the score is
// better on average, since most people are locals, and refuses newcomers who would have repaid.
import { mkdirSync, writeFileSync } from "node:fs";

const ROWS = 8000;
const NEWCOMERS = 0.2; // share of the rows
const SHORT_FILE = -60; // points that a newcomer's score lacks
const KNOWN = { local: 1, newcomer: 0.4 }; // how much of who somebody is the score shows

/** Numbers that look random and are the same every time: Mulberry32, in the public domain. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const uniform = numbers(2001);
/** Normally distributed, by Box and Muller. */
const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
const within = (low, value, high) => Math.round(Math.min(high, Math.max(low, value)));

const lines = ["id,origin,age,income,years_employed,debt,requested,months,bureau_score,repaid"];
for (let id = 1; id <= ROWS; id++) {
  const origin = uniform() < NEWCOMERS ? "newcomer" : "local";
  const prudence = normal();
  const age = within(18, 42 + 13 * normal(), 80);
  const income = within(9000, Math.exp(10.3 + 0.45 * normal()), 250_000);
  const employed = within(0, (age - 18) * uniform(), 45);
  const debt = within(0, income * Math.max(0, 0.25 + 0.2 * normal() - 0.05 * prudence), 200_000);
  const requested = within(500, income * Math.exp(-1.2 + 0.6 * normal()), 100_000);
  const months = 12 * within(1, 1 + 5 * uniform(), 6);
  const score = within(
    300,
    660 + (origin === "newcomer" ? SHORT_FILE : 0) + 75 * KNOWN[origin] * prudence + 30 * normal(),
    850,
  );
  const burden = (12 * requested) / months / income;
  const likely = 1.6 + 1.5 * prudence - 1.4 * burden - 1.6 * (debt / income) + 0.03 * employed;
  const repaid = uniform() < 1 / (1 + Math.exp(-likely)) ? 1 : 0;
  lines.push([id, origin, age, income, employed, debt, requested, months, score, repaid].join(","));
}
mkdirSync("data", { recursive: true });
writeFileSync("data/applications.csv", `${lines.join("\n")}\n`);
