import { terminalText } from "../report/escape.ts";
import { counted, formatNumber } from "../report/numbers.ts";
import { type Cell, columns, type Paint, paint } from "../report/terminal/columns.ts";
import type { TerminalStyle } from "../report/terminal.ts";
import type { RegistryEvent, RegistryModel, RegistryVersion } from "./fold.ts";
import { headlineOf } from "./message.ts";

/** So many metrics stand beside a version; `--json` has all. */
const METRICS = 4;
/** In fewer cells, dates would be cut. */
const NARROWEST = 80;

/** The registry for a terminal: of each model where it serves, and its versions. */
export function showRegistry(models: readonly RegistryModel[], style: TerminalStyle): string {
  const width = Math.max(NARROWEST, style.width);
  const ink = paint(style.colour);
  return models.map((model) => showModel(model, width, ink)).join("\n\n");
}

function showModel(model: RegistryModel, width: number, ink: Paint): string {
  const { deprecated, latest, versions, stages } = model;
  const said = [
    latest === undefined ? "no version yet" : `latest ${latest}`,
    counted(versions.filter(({ registered }) => registered).length, "version"),
    ...(deprecated ? ["deprecated"] : []),
  ];
  const serving = stages.map(({ stage, version, by, at }): Cell[] => [
    { text: stage, colour: ink.bold },
    { text: shortVersion(version) },
    { text: `since ${day(at)}`, colour: ink.dim },
    { text: terminalText(by, 40), colour: ink.dim },
  ]);
  const head = ["version", "when", "commit", "by", "serves in", "metrics"];
  const rows = versions.map((one) => versionCells(one, ink));
  return [
    `${ink.bold(model.model)}  ${said.join(", ")}`,
    ...(serving.length === 0 ? [] : [...columns(serving, width), ""]),
    ...columns([head.map((text) => ({ text, colour: ink.dim })), ...rows], width).map((line) =>
      line.trimEnd(),
    ),
  ].join("\n");
}

function versionCells(one: RegistryVersion, ink: Paint): Cell[] {
  const { version, at, commit, by, stages, facts, active, registered } = one;
  const metrics = [...facts.metrics]
    .slice(0, METRICS)
    .map(([name, value]) => `${name} ${formatNumber(value)}`);
  return [
    { text: shortVersion(version), colour: active ? ink.green : ink.dim },
    { text: day(at) },
    { text: commit.slice(0, 7) },
    { text: terminalText(by, 40) },
    { text: stages.join(", ") },
    { text: active ? terminalText(metrics.join(", ")) : registered ? "taken back" : "", colour: ink.dim },
  ];
}

/** What happened, the newest first. */
export function showHistory(events: readonly RegistryEvent[], style: TerminalStyle): string {
  const ink = paint(style.colour);
  const rows = events.map((event): Cell[] => [
    { text: `${event.at.slice(0, 16).replace("T", " ")}` },
    { text: event.tag, colour: ink.bold },
    { text: DONE[event.action] },
    { text: shortVersion(event.version ?? "") },
    { text: event.commit.slice(0, 7) },
    { text: terminalText(event.by, 40), colour: ink.dim },
    { text: headlineOf(event.message), colour: ink.dim },
  ]);
  return columns(rows, Math.max(NARROWEST, style.width), 0).join("\n");
}

const DONE: Readonly<Record<RegistryEvent["action"], string>> = {
  create: "created",
  register: "registered",
  deregister: "taken back",
  assign: "assigned",
  unassign: "unassigned",
  deprecate: "deprecated",
};

const day = (at: string): string => at.slice(0, 10);
/** A commit that no version stands at goes by its first digits. */
const shortVersion = (version: string): string =>
  /^[0-9a-f]{40}$/.test(version) ? version.slice(0, 7) : version;
