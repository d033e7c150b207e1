"""Escapes, and jinja2 renders with it."""

import jinja2
import markupsafe
import markupsafe._speedups


def check() -> None:
    assert markupsafe._speedups._escape_inner("<") == "&lt;"
    assert markupsafe.escape("<a & 'b'>") == "&lt;a &amp; &#39;b&#39;&gt;"
    template = jinja2.Environment(autoescape=True).from_string("{% for x in xs %}<{{ x }}>{% endfor %}")
    assert template.render(xs=["a", "<b>"]) == "<a><&lt;b&gt;>"
