"""A parser without a grammar: the source archives of the grammars that were tried lack files."""

import tree_sitter


def check():
    assert tree_sitter.MIN_COMPATIBLE_LANGUAGE_VERSION <= tree_sitter.LANGUAGE_VERSION
    parser = tree_sitter.Parser()
    assert parser.language is None
    try:
        parser.parse(b"text")
        raise AssertionError("text was parsed without a grammar")
    except ValueError:
        pass
    span = tree_sitter.Range(tree_sitter.Point(0, 1), tree_sitter.Point(2, 3), 1, 9)
    assert span.end_point.row == 2 and span.start_byte == 1
    parser.included_ranges = [span]
    assert parser.included_ranges == [span]
