"""Finds keys by prefix, and survives being saved."""

import marisa_trie


def check() -> None:
    trie = marisa_trie.Trie(["foo", "foobar", "bar"])
    assert "foobar" in trie and "fo" not in trie
    assert sorted(trie.keys("foo")) == ["foo", "foobar"]
    assert marisa_trie.Trie().frombytes(trie.tobytes()).keys("ba") == ["bar"]
