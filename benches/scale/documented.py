"""Runs the examples of an engine in the documentation: those of the module, and of the package's README."""

import doctest
import importlib
import inspect
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import wadup

REPOSITORY = Path(__file__).parents[2]


def run(cluster: Any, guests: Path, engine: str) -> None:
    """In a folder with the files that they name."""
    module = importlib.import_module(f"wadup.{engine}")
    texts = [inspect.getdoc(getattr(module, name)) or "" for name in module.__all__]
    readme = (REPOSITORY / "wadup-python/README.md").read_text()
    [block] = [block for block in re.findall(r"```pycon\n(.*?)```", readme, re.DOTALL) if f"wadup.{engine}" in block]
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(guests / "lockfile.snapshot.wasm", Path(folder, "lockfile.wasm"))
        shutil.copy(REPOSITORY / "examples/lockfile/sample.lock", folder)
        os.chdir(folder)
        try:
            for text in texts:
                check(text, {"wadup": wadup, **cluster.names})
            check(block, {"wadup": wadup, **cluster.names})
        finally:
            os.chdir(before)


def check(text: str, names: dict[str, Any]) -> None:
    """Ends the program if an example prints something else than the text says."""
    examples = doctest.DocTestParser().get_doctest(text, names, "documentation", None, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(examples)
    if not examples.examples or runner.summarize().failed:
        raise SystemExit("an example in the documentation does not hold")
