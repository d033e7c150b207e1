#!/bin/sh
# Compiles for the guest in the name of build systems that know extension modules as shared libraries only. What they
# link as one becomes a relocatable object under the same name.
#
#   compile.sh <wasm-ld> <clang> <argument>...
set -eu
linker=$1
compiler=$2
shift 2

is_library=
for argument; do
    shift
    case $argument in
    # Code that is linked in for good needs no other places, and a guest has one thread.
    -fPIC | -pthread) ;;
    # wasm-ld looks for a symbol in all archives as it is, and knows no groups.
    -Wl,--start-group | -Wl,--end-group) ;;
    -shared) is_library=yes ;;
    *) set -- "$@" "$argument" ;;
    esac
done
[ -n "$is_library" ] || exec "$compiler" "$@"

# Libraries and options that concern the final link are for the guest's own link.
for argument; do
    shift
    case $argument in
    -o | *.o | *.a | *.so) set -- "$@" "$argument" ;;
    -Wl,--whole-archive | -Wl,--no-whole-archive) set -- "$@" "${argument#-Wl,}" ;;
    esac
done
exec "$linker" -r "$@"
