"""Detects the language of text."""

import pycld2


def check() -> None:
    text = "Dies ist ein deutscher Text über das Wetter, das heute schön ist und morgen schlechter wird."
    reliable, _, details = pycld2.detect(text)
    assert reliable and details[0][1] == "de"
