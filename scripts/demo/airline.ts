import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

const FLIGHTS = resolve("node_modules/vega-datasets/data/flights-3m.parquet");
/** Of so many flights one is kept, so that the demo stays short. */
const EVERY = 50;

/** A flight as the model is asked about it. */
export interface Flight {
  readonly date: string;
  readonly distance: number;
  readonly origin: string;
}

/** Whoever knows of flights: each month of 2001 has ended when the demo says so. */
export interface Airline {
  /** Where the newest month's flights are to be had, as CSV. */
  readonly url: string;
  /** The file of a month, 1 for January. @param origins the only airports, as an SQL condition on `origin` */
  month(number: number, origins?: string): Promise<string>;
  /** Flights of a month as requests, spread over it. */
  flights(number: number, count: number): Promise<readonly Flight[]>;
  /** The month that is the newest from now on. */
  newest(number: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens the source of the data on the loopback. @param folder where its files are kept */
export async function openAirline(folder: string): Promise<Airline> {
  mkdirSync(folder, { recursive: true });
  const database = await DuckDBInstance.create();
  const connection = await database.connect();
  const rows = (number: number): string =>
    `from read_parquet('${FLIGHTS}', file_row_number = true)
     where month(date) = ${number} and file_row_number % ${EVERY} = 0`;
  let current: string | undefined;
  const server = createServer((_request, response) => {
    if (current === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": "text/csv" }).end(current);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;

  const table = async (number: number, origins?: string): Promise<string> => {
    const only = origins === undefined ? "" : `and ${origins}`;
    const line = "concat_ws(',', strftime(date, '%Y-%m-%d %H:%M:%S'), delay, distance, origin, destination)";
    const reader = await connection.runAndReadAll(`select ${line} ${rows(number)} ${only} order by 1`);
    const lines = reader.getRows().map(([text]) => String(text));
    return `date,delay,distance,origin,destination\n${lines.join("\n")}\n`;
  };

  return {
    url: `http://127.0.0.1:${port}/newest-month.csv`,

    async month(number, origins) {
      const path = join(folder, `month-${number}${origins === undefined ? "" : "-cut"}.csv`);
      writeFileSync(path, await table(number, origins));
      return path;
    },

    async flights(number, count) {
      const chosen = `select strftime(date, '%Y-%m-%dT%H:%M:%S') as date, distance::integer as distance, origin ${rows(number)}`;
      const reader = await connection.runAndReadAll(
        `${chosen} order by hash(file_row_number) limit ${count}`,
      );
      return reader.getRowObjectsJson() as unknown as readonly Flight[];
    },

    async newest(number) {
      current = await table(number);
    },

    async close() {
      connection.closeSync();
      await new Promise((done) => void server.close(done));
    },
  };
}
