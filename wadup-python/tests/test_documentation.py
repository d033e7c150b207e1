"""The examples in the documentation run, `help` reads well, and the types are those of the code."""

import doctest
import inspect
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import wadup

from conftest import REPOSITORY, module

DOCUMENTED = [
    wadup,
    wadup.Guest,
    wadup.Guest.process,
    wadup.Guest.process_many,
    wadup.LimitError,
    wadup.Result,
    wadup.Result.raise_for_error,
    wadup.Table,
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that the examples name."""
    shutil.copy(module("lockfile"), tmp_path / "lockfile.wasm")
    shutil.copy(REPOSITORY / "examples/lockfile/sample.lock", tmp_path)
    monkeypatch.chdir(tmp_path)


def run(text: str, name: str) -> None:
    examples = doctest.DocTestParser().get_doctest(text, {"wadup": wadup}, name, None, 0)
    assert examples.examples, name
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
    runner = doctest.DocTestRunner(optionflags=flags)
    runner.run(examples)
    assert runner.summarize().failed == 0, name


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("documented", DOCUMENTED, ids=lambda documented: documented.__name__)
def test_examples_in_docstrings(documented: object) -> None:
    run(inspect.getdoc(documented) or "", str(documented))


@pytest.mark.usefixtures("here")
def test_examples_in_the_readme() -> None:
    blocks = re.findall(r"```pycon\n(.*?)```", (REPOSITORY / "wadup-python/README.md").read_text(), re.DOTALL)
    # `cargo xtask scale` runs those that need an engine.
    here = [block for block in blocks if "wadup.ray" not in block and "wadup.spark" not in block]

    run("\n".join(here), "README.md")


def test_help_shows_the_parameters() -> None:
    shown = str(inspect.signature(wadup.Guest))
    assert shown.startswith("(module, *, memory=None, deadline=None,"), shown
    assert str(inspect.signature(wadup.Guest.process)) == "(self, /, input, *, export='process', check=True)"
    for name in wadup.__all__:
        assert inspect.getdoc(getattr(wadup, name)), name


def test_stubs_are_those_of_the_code() -> None:
    command = [sys.executable, "-m", "mypy.stubtest", "wadup._native"]
    checked = subprocess.run(command, capture_output=True, text=True)

    assert checked.returncode == 0, checked.stdout


def test_the_package_is_typed() -> None:
    command = [sys.executable, "-m", "mypy", "--package", "wadup"]
    checked = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY / "wadup-python")

    assert checked.returncode == 0, checked.stdout


def test_types_are_known_to_checkers(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import wadup\n"
        "guest = wadup.Guest('a.wasm', memory=1)\n"
        "for result in guest.process_many([b'', 'file']):\n"
        "    reveal_type(result.tables['t'].rows())\n"
    )
    checked = subprocess.run([sys.executable, "-m", "mypy", "--strict", program], capture_output=True, text=True)

    assert checked.returncode == 0, checked.stdout
    assert "list[tuple[int | float | str, ...]]" in checked.stdout.replace("builtins.", ""), checked.stdout
