import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath, pathToFileURL } from "node:url";

const SERVER = fileURLToPath(
  new URL("../../node_modules/yaml-language-server/bin/yaml-language-server", import.meta.url),
);
const SCHEMA = new URL("../../schema/trainyard.schema.json", import.meta.url);

export interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

/** A running YAML language server, as an editor talks to it. */
export interface LanguageServer {
  /** What the server underlines in a text. */
  diagnose(text: string): Promise<readonly Diagnostic[]>;
  /** The labels it offers where `|` stands in the text. */
  complete(textWithCursor: string): Promise<readonly string[]>;
  /** What it shows when the pointer rests on `|`. */
  hover(textWithCursor: string): Promise<string>;
  stop(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: {
    readonly uri?: string;
    readonly diagnostics?: readonly Diagnostic[];
    readonly items?: readonly unknown[];
  };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Starts the server with our schema in its settings, and nothing from the network. */
export async function startLanguageServer(): Promise<LanguageServer> {
  const child = spawn(process.execPath, [SERVER, "--stdio"], { stdio: ["pipe", "pipe", "ignore"] });
  const settings = {
    yaml: {
      schemas: { [SCHEMA.href]: "/**/trainyard.yaml" },
      schemaStore: { enable: false },
      kubernetesCRDStore: { enable: false },
      validate: true,
      completion: true,
      hover: true,
    },
  };
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  const published = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();
  let asked = 0;

  const send = (message: object) => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    child.stdin.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
  };
  const notify = (method: string, params: object) => send({ method, params });
  const request = (method: string, params: object) => {
    const id = ++asked;
    return new Promise<unknown>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      send({ id, method, params });
    });
  };
  readMessages(child, (message) => {
    if (message.method === undefined && message.id !== undefined) {
      const { resolve, reject } = waiting.get(message.id) ?? {};
      if (message.error === undefined) resolve?.(message.result);
      else reject?.(new Error(message.error.message));
    } else if (message.method === "workspace/configuration") {
      const sections = (message.params?.items ?? []) as readonly { readonly section?: "yaml" }[];
      send({
        id: message.id,
        result: sections.map(({ section }) => (section === "yaml" ? settings.yaml : {})),
      });
    } else if (message.id !== undefined) {
      send({ id: message.id, result: null });
    } else if (message.method === "textDocument/publishDiagnostics") {
      published.get(message.params?.uri ?? "")?.(message.params?.diagnostics ?? []);
    }
  });
  child.once("exit", (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the language server ended with ${code}`));
  });

  await request("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL("/").href,
    capabilities: {
      textDocument: {
        completion: { completionItem: { snippetSupport: true } },
        hover: { contentFormat: ["plaintext"] },
      },
      workspace: { configuration: true, didChangeConfiguration: {} },
    },
  });
  notify("initialized", {});
  notify("workspace/didChangeConfiguration", { settings });

  let opened = 0;
  const open = (text: string, heard?: (diagnostics: readonly Diagnostic[]) => void) => {
    const uri = `file:///case-${++opened}/trainyard.yaml`;
    if (heard !== undefined) published.set(uri, heard);
    notify("textDocument/didOpen", { textDocument: { uri, languageId: "yaml", version: 1, text } });
    return uri;
  };
  const atCursor = (textWithCursor: string) => {
    const [before = "", after = ""] = textWithCursor.split("|");
    const lines = before.split("\n");
    const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
    return { textDocument: { uri: open(before + after) }, position };
  };

  return {
    diagnose: (text) => new Promise((resolve) => open(text, resolve)),

    async complete(textWithCursor) {
      const result = await request("textDocument/completion", atCursor(textWithCursor));
      const { items } = result as { readonly items: readonly { readonly label: string }[] };
      return items.map(({ label }) => label);
    },

    async hover(textWithCursor) {
      const result = await request("textDocument/hover", atCursor(textWithCursor));
      return JSON.stringify((result as { readonly contents?: unknown } | null)?.contents ?? "");
    },

    async stop() {
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}

/** The base protocol: headers, an empty line, and so many bytes of JSON. */
function readMessages(child: ChildProcess, heard: (message: Message) => void): void {
  let buffered = Buffer.alloc(0);
  child.stdout?.on("data", (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (;;) {
      const end = buffered.indexOf("\r\n\r\n");
      const length = /Content-Length: (\d+)/i.exec(buffered.subarray(0, Math.max(end, 0)).toString())?.[1];
      if (end === -1 || length === undefined || buffered.length < end + 4 + Number(length)) return;
      const body = buffered.subarray(end + 4, end + 4 + Number(length));
      buffered = buffered.subarray(end + 4 + Number(length));
      heard(JSON.parse(body.toString()));
    }
  });
}
