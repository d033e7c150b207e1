"""Has the build Python say what the guest is, where build scripts ask it."""

import platform

platform.machine = lambda: "wasm32"
