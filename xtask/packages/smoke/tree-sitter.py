"""Parses with a grammar, finds nodes and errors."""

import tree_sitter
import tree_sitter_json


def check() -> None:
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_json.language()))
    root = parser.parse(b'{"a": [1, true]}').root_node
    assert not root.has_error
    assert root.named_children[0].type == "object"
    assert b"true" in root.named_children[0].text
    assert parser.parse(b'{"a": ').root_node.has_error
