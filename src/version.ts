import { readFileSync } from "node:fs";

declare const TRAINYARD_VERSION: string | undefined;

/** This package's version: written in by the build, read from the manifest where nothing is built. */
export const VERSION: string =
  typeof TRAINYARD_VERSION === "string"
    ? TRAINYARD_VERSION
    : (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string })
        .version;
