#!/bin/sh
# Lets the stable rustdoc write JSON, and nothing else use unstable features: Cargo would compile dependencies again for it.
RUSTC_BOOTSTRAP=1 exec rustdoc "$@"
