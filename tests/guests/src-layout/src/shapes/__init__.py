"""A package beside the Rust code, with a file of data."""

from importlib.resources import files

NAMES = files(__name__).joinpath("data/names.txt").read_text(encoding="utf-8").splitlines()
