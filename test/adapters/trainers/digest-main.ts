/* A process of its own, for the test that the digest does not depend on it. */
import { digests } from "./digest.ts";

process.stdout.write(JSON.stringify(await digests()));
