"""Moves a style sheet into elements."""

import css_inline


def check() -> None:
    inlined = css_inline.inline("<style>p{color:red}</style><p>x</p>")
    assert '<p style="color: red' in inlined
