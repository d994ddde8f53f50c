import { type Ask, printHead } from "./head.ts";
import { type Answer, type Line, openLine, type Reach } from "./line.ts";

/** Connections to one server, of which the last that was used is used next. */
export interface Pool {
  ask(request: Ask): Promise<Answer>;
  close(): void;
}

/** @param most connections at once: whoever wants one more waits */
export function poolOf(reach: Reach, most: number): Pool {
  const open = new Set<Line>();
  const free: Line[] = [];
  const waiting: { take(line: Line): void; fail(error: Error): void }[] = [];
  const { host } = new URL(reach.origin);
  let closed = false;

  const idle = (line: Line): void => {
    const next = waiting.shift();
    if (next !== undefined) next.take(line);
    else if (closed) line.destroy();
    else free.push(line);
  };

  const gone = (line: Line): void => {
    open.delete(line);
    const at = free.indexOf(line);
    if (at >= 0) free.splice(at, 1);
    if (!closed) waiting.shift()?.take(opened());
  };

  const opened = (): Line => {
    const line = openLine(reach, idle, gone);
    open.add(line);
    return line;
  };

  const next = (): Line | Promise<Line> =>
    free.pop() ?? (open.size < most ? opened() : new Promise((take, fail) => waiting.push({ take, fail })));

  return {
    async ask(request) {
      const head = printHead(request, host);
      for (;;) {
        if (closed) throw new Error("the connection was closed");
        const found = next();
        const line = found instanceof Promise ? await found : found;
        const { answers } = line;
        try {
          return await line.ask(head, request);
        } catch (error) {
          const { code = "" } = error as NodeJS.ErrnoException;
          // A kept connection that the server had closed meanwhile says nothing about the server.
          if (answers === 0 || closed || !["ECONNRESET", "EPIPE"].includes(code)) throw error;
        }
      }
    },

    close() {
      closed = true;
      for (const line of [...open]) line.destroy();
      for (const { fail } of waiting.splice(0)) fail(new Error("the connection was closed"));
    },
  };
}
