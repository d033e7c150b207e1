"""Names and forms of the newest Unicode."""

import unicodedata2


def check() -> None:
    assert unicodedata2.name("ü") == "LATIN SMALL LETTER U WITH DIAERESIS"
    assert unicodedata2.normalize("NFD", "ü") == "u\u0308"
    assert tuple(map(int, unicodedata2.unidata_version.split("."))) >= (15, 0, 0)
