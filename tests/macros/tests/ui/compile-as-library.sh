#!/bin/sh
# Runs the compiler as Cargo runs it for a library: what `wadup_python!` tells a program by is not set.
unset CARGO_BIN_NAME
exec "$@"
