import { goProgram, type Program } from "./go.ts";
import { type Running, started } from "./start.ts";

/** The server that Google's own client libraries are tested with by those who have no Google. */
export function fakeGcs(): Program {
  return goProgram("github.com/fsouza/fake-gcs-server", "v1.52.2");
}

/** A running server of Google Cloud Storage. */
export interface GcsServer extends Running {
  /** Makes a bucket. */
  bucket(name: string, versions?: boolean): Promise<void>;
}

/** Starts the server with nothing in it. */
export async function startGcs({ path }: Program): Promise<GcsServer> {
  const running = await started(path, (port) => [
    ...["-scheme", "http", "-host", "127.0.0.1", "-port", String(port), "-backend", "memory"],
    ...[
      "-external-url",
      `http://127.0.0.1:${port}`,
      "-public-host",
      `127.0.0.1:${port}`,
      "-log-level",
      "error",
    ],
  ]);
  return {
    ...running,
    async bucket(name, versions = false) {
      const { status } = await fetch(`${running.origin}/storage/v1/b?project=test`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name, versioning: { enabled: versions } }),
      });
      if (status !== 200) throw new Error(`no bucket was made: ${status}`);
    },
  };
}
