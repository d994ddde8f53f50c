#!/usr/bin/env node
import module from "node:module";

/*
 * What a shell starts. Node from 22.8 on can keep what it compiled, which is half of what a command
 * with nothing to do waits for; it has to be told before anything else is loaded.
 */

(module as { readonly enableCompileCache?: () => void }).enableCompileCache?.();
await import("./main.ts");
