// Runs a guest under the WASI that web pages use. The argument is a `Run` of tests/harness/tests/hosts as JSON; the guest prints to
// this process's streams and decides its exit status. Its folder is in memory, read and written by this script.

import { readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { ConsoleStdout, Directory, File, OpenFile, PreopenDirectory, WASI } from "@bjorn3/browser_wasi_shim";

import { run } from "./run.mjs";

const { module, folder, arguments: args, variables, calls } = JSON.parse(process.argv[2]);

const printer = (descriptor) => new ConsoleStdout((bytes) => writeFileSync(descriptor, bytes));
const metadata = new Directory(new Map());
const descriptors = [new OpenFile(new File([])), printer(1), printer(2)];
if (folder) {
  const contents = [
    ["data.bin", new File(readFileSync(join(folder, "data.bin")), { readonly: true })],
    ["metadata", metadata],
    ["subcontent", new Directory(new Map())],
    ["tmp", new Directory(new Map())],
  ];
  descriptors.push(new PreopenDirectory("/", new Map(contents)));
}
const pairs = Object.entries(variables ?? {}).map(([name, value]) => `${name}=${value}`);
const wasi = new WASI(args, pairs, descriptors, { debug: false });
const { instance } = await WebAssembly.instantiate(await readFile(module), { wasi_snapshot_preview1: wasi.wasiImport });
process.exitCode = run(wasi, instance, calls);
for (const [name, file] of metadata.contents) {
  writeFileSync(join(folder, "metadata", name), file.data);
}
