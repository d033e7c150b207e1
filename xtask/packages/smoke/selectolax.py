"""Selectors, text, and changes of a page that is not well formed."""

from selectolax.lexbor import LexborHTMLParser, SelectolaxError


def check():
    page = LexborHTMLParser("<div><p class=a>x<p>y<b>z</div>")
    assert [node.text(deep=False) for node in page.css("p")] == ["x", "y"]
    assert page.css_first("p.a").attributes == {"class": "a"} and page.css_first("p:last-child b").text() == "z"
    page.css_first("p.a").decompose()
    assert page.css_matches("p") and not page.css_matches("p.a")
    assert page.body.html == "<body><div><p>y<b>z</b></p></div></body>", page.body.html
    try:
        page.css_first("p[")
        raise AssertionError("half a selector was accepted")
    except (SelectolaxError, ValueError):
        pass
