import * as http from "node:http";
import * as https from "node:https";
import type { Duplex } from "node:stream";
import { UserError } from "../../../errors.ts";
import { Unreachable } from "../../../ports/bucket.ts";
import type { HttpProxy } from "./proxy.ts";

/*
 * Node's own client asks for the tunnel. The package https-proxy-agent would, too, but waits for a proxy
 * without an end, reads what it answers without a bound, and hands its refusal on as if the server had said it.
 */

/** An agent whose connections go through a proxy, which sees nothing of them but the host. */
export class TunnelAgent extends https.Agent {
  readonly #proxy: HttpProxy;
  readonly #within: number;

  /** @param within milliseconds until the proxy has made a connection */
  constructor(options: https.AgentOptions, proxy: HttpProxy, within: number) {
    super(options);
    this.#proxy = proxy;
    this.#within = within;
  }

  override createConnection(
    options: https.RequestOptions,
    created?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const told = (error: Error | null, socket?: Duplex): void => created?.(error, socket as Duplex);
    tunnel(this.#proxy, options, this.#within).then(
      (socket) => {
        // Node takes the connection that is there, and speaks TLS over it.
        const secure = super.createConnection({ ...options, socket } as https.RequestOptions);
        if (!secure) return told(new Error("no connection was made"));
        secure.once("error", told);
        secure.once("secureConnect", () => {
          secure.removeListener("error", told);
          told(null, secure);
        });
      },
      (error: Error) => told(error),
    );
    return undefined; // `created` is told
  }
}

/** A connection to a host that a proxy has made. */
function tunnel(
  { secure, host, port, headers, shown }: HttpProxy,
  to: https.RequestOptions,
  within: number,
): Promise<Duplex> {
  const name = to.host?.includes(":") ? `[${to.host}]` : to.host;
  const path = `${name}:${to.port ?? 443}`;
  return new Promise((resolve, reject) => {
    const asked = (secure ? https : http).request({
      host,
      port,
      method: "CONNECT",
      path,
      headers: { host: path, ...headers },
      agent: false,
    });
    const late = (): void => {
      asked.destroy(new Unreachable(`the proxy ${shown} gives no connection within ${within / 1000} s`));
    };
    const timer = setTimeout(late, within);
    asked.once("connect", ({ statusCode: status = 0 }, socket, head: Buffer) => {
      clearTimeout(timer);
      if (status >= 200 && status < 300) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      } else {
        socket.destroy();
        reject(refused(shown, path, status));
      }
    });
    asked.once("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const why = error.code ?? error.message;
      const cause = { cause: error };
      reject(
        error instanceof UserError
          ? error
          : new Unreachable(`the proxy ${shown} cannot be reached: ${why}`, cause),
      );
    });
    asked.end();
  });
}

/** What a proxy means that makes no connection. */
function refused(shown: string, path: string, status: number): UserError {
  if (status === 407) return new UserError(`the proxy ${shown} does not know who asks; ${WHO}`);
  const said = `the proxy ${shown} makes no connection to ${path}: ${status}`;
  return status >= 500 || status === 429 ? new Unreachable(said) : new UserError(said);
}

/** What helps where a proxy wants credentials. */
export const WHO = "write its user and password into the variable, as in http://USER:PASSWORD@HOST:PORT";
