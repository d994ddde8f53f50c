import { openDuckdb } from "../../../../src/adapters/engines/duckdb/engine.ts";
import { engineContract } from "../../../contracts/engine.ts";

for (const threads of [1, 4]) {
  engineContract(`duckdb with ${threads} threads`, () => openDuckdb({ threads }));
}
