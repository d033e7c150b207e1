"""Makes the build Python report the guest's platform to build scripts."""

import platform

platform.machine = lambda: "wasm32"
