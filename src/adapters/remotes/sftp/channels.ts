import type { SFTPWrapper } from "ssh2";
import { UserError } from "../../../errors.ts";
import { Unreachable } from "../../../ports/bucket.ts";
import { type Connection, connect } from "./connect.ts";
import type { SshPlace } from "./place.ts";

/** SFTP over a few channels of one connection, opened when it is first needed and again where it broke. */
export interface Channels {
  /** The channel that has least to do, to be given back: handles of files belong to one. */
  lease(): Promise<Lease>;
  close(): Promise<void>;
}

/** A channel while it is used for one file. */
export interface Lease {
  /** Asks one thing. What the server refuses is thrown as ssh2 gives it: with SFTP's status as its code. */
  ask<T = void>(start: (sftp: SFTPWrapper, done: Done<T>) => void): Promise<T>;
  end(): void;
}

type Done<T> = (error: Error | null | undefined, value: T) => void;

interface Channel {
  readonly sftp: SFTPWrapper;
  busy: number;
}

interface Session {
  readonly connection: Connection;
  readonly channels: readonly Channel[];
  /** Called when the connection ends, for all who wait for an answer. */
  readonly waiting: Set<(error: Error) => void>;
  ended: boolean;
}

/** Nothing is answered for so long that the server is taken for dead, in milliseconds. */
const SILENT = 300_000;

/** @param count how many channels are best; a server that gives fewer is used with those */
export function channels(place: SshPlace, count: number): Channels {
  let opening: Promise<Session> | undefined;

  async function open(): Promise<Session> {
    const connection = await connect(place);
    const opened = await Promise.allSettled(Array.from({ length: count }, () => channelOf(connection)));
    const all = opened.flatMap((one) => (one.status === "fulfilled" ? [{ sftp: one.value, busy: 0 }] : []));
    if (all.length === 0) {
      connection.end();
      const why = opened[0]?.status === "rejected" ? (opened[0].reason as Error).message : "";
      throw new UserError(`${place.host} gives ${place.user} no SFTP: ${why}`);
    }
    const session: Session = { connection, channels: all, waiting: new Set(), ended: false };
    const end = (why: string): void => {
      if (session.ended) return;
      session.ended = true;
      opening = undefined;
      connection.end();
      for (const tell of session.waiting) tell(new Unreachable(`${place.host} ${why}`));
    };
    connection.client.on("close", () => end("closed the connection"));
    connection.client.on("error", (error) => end(`broke off: ${error.message}`));
    for (const { sftp } of all) sftp.on("close", () => end("closed a channel"));
    connection.socket.setTimeout(SILENT, () => {
      if (session.waiting.size > 0) end(`said nothing for ${SILENT / 1000} s`);
    });
    connection.socket.unref();
    return session;
  }

  return {
    async lease() {
      opening ??= open();
      const attempt = opening;
      attempt.catch(() => {
        if (opening === attempt) opening = undefined;
      });
      const session = await attempt;
      const { waiting, connection } = session;
      const channel = session.channels.reduce((least, one) => (one.busy < least.busy ? one : least));
      channel.busy++;
      return {
        ask: (start) =>
          new Promise((resolve, reject) => {
            if (session.ended) {
              reject(new Unreachable(`${place.host} closed the connection`));
              return;
            }
            if (waiting.size === 0) connection.socket.ref();
            waiting.add(reject);
            const done = (error: Error | null | undefined, value?: unknown): void => {
              waiting.delete(reject);
              if (waiting.size === 0) connection.socket.unref(); // an idle one keeps no process alive
              if (error) reject(error);
              else resolve(value as never);
            };
            try {
              start(channel.sftp, done);
            } catch (error) {
              done(error as Error); // ssh2 throws what it cannot even ask
            }
          }),
        end() {
          channel.busy--;
        },
      };
    },

    async close() {
      const session = await opening?.catch(() => undefined);
      opening = undefined;
      session?.connection.end();
    },
  };
}

function channelOf({ client }: Connection): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    client.sftp((error, sftp) => (error === undefined ? resolve(sftp) : reject(error)));
  });
}
