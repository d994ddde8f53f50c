import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

const FLIGHTS = resolve("node_modules/vega-datasets/data/flights-3m.parquet");
/** Of so many flights one is kept, so that the demo stays short. */
const EVERY = 25;

/** A flight as the model is asked about it. */
export interface Flight {
  readonly date: string;
  readonly distance: number;
  readonly origin: string;
}

/** Whoever knows of flights: each month of 2001 has ended when the demo says so. */
export interface Airline {
  /** Where the newest month's flights are to be had, as Parquet. */
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
  let current: Buffer | undefined;
  const server = createServer((_request, response) => {
    if (current === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": "application/vnd.apache.parquet" }).end(current);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;

  const airline: Airline = {
    url: `http://127.0.0.1:${port}/newest-month.parquet`,

    async month(number, origins) {
      const path = join(folder, `month-${number}${origins === undefined ? "" : "-cut"}.parquet`);
      const only = origins === undefined ? "" : `and ${origins}`;
      const chosen = `select date, delay, distance, origin, destination ${rows(number)} ${only} order by file_row_number`;
      await connection.run(`copy (${chosen}) to '${path}' (format parquet)`);
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
      current = readFileSync(await airline.month(number));
    },

    async close() {
      connection.closeSync();
      await new Promise((done) => void server.close(done));
    },
  };
  return airline;
}
