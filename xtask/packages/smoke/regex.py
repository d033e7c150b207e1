"""Properties, fuzzy and recursive matches."""

import regex


def check() -> None:
    assert regex.findall(r"\p{Lu}\w+", "Über Ähre klein Zug") == ["Über", "Ähre", "Zug"]
    assert regex.search(r"(?:cats|cat){e<=1}", "cet").group() == "cet"
    assert regex.fullmatch(r"(a(?R)?b)", "aaabbb") and not regex.fullmatch(r"(a(?R)?b)", "aab")
    assert regex.sub(r"(\d+)", lambda match: str(int(match[1]) * 2), "1 20 300") == "2 40 600"
