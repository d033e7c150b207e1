"""Finds all words of a list in a text."""

import ahocorasick


def check() -> None:
    automaton = ahocorasick.Automaton()
    for word in ["he", "she", "hers"]:
        automaton.add_word(word, word)
    automaton.make_automaton()
    assert list(automaton.iter("ushers")) == [(3, "she"), (3, "he"), (5, "hers")]
