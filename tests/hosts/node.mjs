// Runs a guest under Node's own WASI. The argument is a `Run` of tests/harness/tests/hosts as JSON; the guest prints to this
// process's streams and decides its exit status.

import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";

import { run } from "./run.mjs";

const { module, folder, arguments: args, variables, calls } = JSON.parse(process.argv[2]);

const wasi = new WASI({
  version: "preview1",
  args,
  // No variables at all and an empty set of them are not the same to every host.
  ...(variables && { env: variables }),
  ...(folder && { preopens: { "/": folder } }),
  returnOnExit: true,
});
const { instance } = await WebAssembly.instantiate(await readFile(module), { wasi_snapshot_preview1: wasi.wasiImport });
process.exitCode = run(wasi, instance, calls);
