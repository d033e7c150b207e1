"""Shortens JavaScript."""

import _rjsmin
import rjsmin


def check() -> None:
    text = "function f ( a ) { /* no */ return a + 1 ; }"
    assert _rjsmin.jsmin(text) == "function f(a){return a+1;}" == rjsmin.jsmin(text)
