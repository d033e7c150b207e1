"""Runs inside the guest: `cargo wadup test`."""

from wadup import testing


def test_lines_words_and_bytes_are_counted() -> None:
    outcome = testing.process(b"one two\nthree\n")

    assert outcome.tables == {"counts": [{"lines": 2, "words": 3, "size": 14}]}
