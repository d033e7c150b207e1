"""Shortens CSS."""

import _rcssmin
import rcssmin


def check() -> None:
    text = "a { /* no */ color : red ; }"
    assert _rcssmin.cssmin(text) == "a{color:red}" == rcssmin.cssmin(text)
