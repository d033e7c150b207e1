"""Programs of pyperformance for which nothing was tuned: `pyperformance_programs:chaos` runs its `bm_chaos`.

The guest finds them in `/pyperformance`, the native Python where the package is installed.
"""

import importlib.util
import runpy
from collections.abc import Callable
from pathlib import Path

import pyperf

# How often each repeats, so that it takes a tenth of a second or more.
LOOPS = {
    "chaos": 2,
    "deepcopy": 300,
    "fannkuch": 1,
    "float": 2,
    "generators": 2,
    "go": 1,
    "hexiom": 15,
    "nqueens": 2,
    "raytrace": 1,
    "spectral_norm": 1,
}


def __getattr__(name: str) -> Callable[[], None]:
    if name not in LOOPS:
        raise AttributeError(name)
    runpy.run_path(str(_folder() / f"bm_{name}" / "run_benchmark.py"), run_name="__main__")
    functions = list(pyperf.Runner.collected)

    def run() -> None:
        for function in functions:
            function(LOOPS[name])

    return run


def _folder() -> Path:
    package = importlib.util.find_spec("pyperformance")
    if package is None or package.origin is None:
        return Path("/pyperformance")
    return Path(package.origin).parent / "data-files" / "benchmarks"
