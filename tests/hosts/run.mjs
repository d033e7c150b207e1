// What a host does with a guest of either kind.

// Runs a command to its end, or initializes a reactor and calls `process` so often; returns the exit status.
export function run(wasi, instance, calls) {
  if (calls === 0) {
    return wasi.start(instance);
  }
  wasi.initialize(instance);
  // There are hosts that call it by themselves and find it in every reactor. Once more does no harm.
  instance.exports._initialize();
  for (let call = 0; call < calls; call += 1) {
    const status = instance.exports.process();
    if (status !== 0) {
      return status;
    }
  }
  return 0;
}
