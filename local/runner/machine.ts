import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

/** The folders of one job, as a hosted machine has them. */
export interface Machine {
  readonly workspace: string;
  readonly temp: string;
  readonly tools: string;
  readonly home: string;
  /** Copies of repositories that actions are taken from. */
  readonly actions: string;
  readonly eventFile: string;
  remove(): void;
}

/** Makes the folders of a job, empty but for the event's payload. */
export function openMachine(folder: string, repository: string, payload: unknown): Machine {
  const name = basename(repository);
  const machine = {
    workspace: join(folder, "work", name, name),
    temp: join(folder, "work", "_temp"),
    tools: join(folder, "tools"),
    home: join(folder, "home"),
    actions: join(folder, "work", "_actions"),
  };
  for (const place of Object.values(machine)) mkdirSync(place, { recursive: true });
  const place = join(machine.temp, "_github_workflow");
  mkdirSync(place);
  const eventFile = join(place, "event.json");
  writeFileSync(eventFile, JSON.stringify(payload, null, 2));
  return {
    ...machine,
    eventFile,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}
