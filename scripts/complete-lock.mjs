// Completes package-lock.json after `npm install`: npm leaves out the packages for other platforms where
// the registry does not have them (yet), and then refuses its own lock in `npm ci`. What is missing is
// written beside its siblings, with the version that its parent asks for.
import { readFileSync, writeFileSync } from "node:fs";

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const platform = /-(android|darwin|linux|win32)-(arm64|x64)(-musl)?$/;

for (const [path, parent] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(path ? (parent.optionalDependencies ?? {}) : {})) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${path}/node_modules/${name}`]) continue;
    const found = platform.exec(name);
    if (!found) throw new Error(`${name} is missing and names no platform; complete the lock by hand`);
    const [, os, cpu, musl] = found;
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...(parent.dev ? { dev: true } : {}),
      ...(os === "linux" ? { libc: [musl ? "musl" : "glibc"] } : {}),
      optional: true,
      os: [os],
    };
    console.log(`added ${name} ${version}`);
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")),
);
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
