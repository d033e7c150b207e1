"""Finds elements of HTML by CSS selectors."""

from selectolax.lexbor import LexborHTMLParser


def check() -> None:
    tree = LexborHTMLParser("<div><p class=a>x</p><p>ü</p></div>")
    assert [node.text() for node in tree.css("p")] == ["x", "ü"]
    assert tree.css_first("p.a").text() == "x" and tree.css_first("p.b") is None
