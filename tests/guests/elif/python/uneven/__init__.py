"""Files of all kinds, and names that others have too."""

import abc
import random
import traceback
from pathlib import Path


def main() -> None:
    for feature in [ships_dot_files, ships_what_python_refuses, hides_the_library, is_hidden_by_the_interpreter]:
        feature()


def ships_dot_files() -> None:
    here = Path(__file__).parent

    assert here.joinpath(".hidden").read_text() == "dot\n"
    assert here.joinpath(".folder", "in it").read_text() == "in it\n"
    assert not here.joinpath(".env").exists()
    assert not here.joinpath(".venv").exists()


def ships_what_python_refuses() -> None:
    try:
        from uneven import other_python
    except SyntaxError as error:
        assert error.lineno == 4, error.lineno
        assert error.filename == "/wadup/app/uneven/other_python.py", error.filename
        assert 'print "two"' in "".join(traceback.format_exception(error))
    else:
        raise AssertionError(f"{other_python} was imported")


def hides_the_library() -> None:
    assert random.__file__ == "/wadup/app/random.py", random.__file__
    assert random.seed == "sown"


def is_hidden_by_the_interpreter() -> None:
    assert abc.ABC.__module__ == "abc"
