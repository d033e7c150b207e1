"""A grammar for tree-sitter."""

import tree_sitter
import tree_sitter_json


def check() -> None:
    language = tree_sitter.Language(tree_sitter_json.language())
    tree = tree_sitter.Parser(language).parse(b"[1, null]")
    assert [node.type for node in tree.root_node.named_children[0].named_children] == ["number", "null"]
