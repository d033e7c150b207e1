"""A package in a folder of this machine, with a file of data and a version that only its build knows."""

from pathlib import Path

VERSION = "3.2"


def plain(text):
    from text_unidecode import unidecode

    return unidecode(text)


def data():
    return Path(__file__).with_name("data.txt").read_text(encoding="utf-8")
