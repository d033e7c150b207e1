"""Markup with scripts, handlers and links of other schemes."""

import nh3


def check():
    cleaned = nh3.clean('<a href="x" onclick="y()">t</a><script>alert(1)</script><b>k')
    assert cleaned == '<a href="x" rel="noopener noreferrer">t</a><b>k</b>', cleaned
    assert "javascript" not in nh3.clean('<a href="javascript:y()">t</a>')
    assert nh3.clean("<p><b>x</b></p>", tags={"b"}) == "<b>x</b>"
    assert nh3.clean_text("<&>") == "&lt;&amp;&gt;" and nh3.is_html("<p>") and not nh3.is_html("plain")
