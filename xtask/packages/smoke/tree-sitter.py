"""A tree, a query, and an edit, with the grammar of JSON."""

import tree_sitter
import tree_sitter_json


def check():
    language = tree_sitter.Language(tree_sitter_json.language())
    parser = tree_sitter.Parser(language)
    tree = parser.parse(b'{"a": [1, true]}')
    assert str(tree.root_node).startswith("(document (object (pair key: (string") and not tree.root_node.has_error
    query = tree_sitter.Query(language, "(number) @n")
    found = tree_sitter.QueryCursor(query).captures(tree.root_node)
    assert [node.text for node in found["n"]] == [b"1"]
    assert parser.parse(b'{"a": ').root_node.has_error
    try:
        tree_sitter.Query(language, "(nothing) @n")
        raise AssertionError("an unknown node was accepted")
    except tree_sitter.QueryError:
        pass
