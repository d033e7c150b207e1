"""Detects the encoding of text."""

import cchardet


def check() -> None:
    text = "Größe für alle Bücher, schöne Grüße und Äpfel überall; Öl, Übung, Straße"
    assert cchardet.detect(text.encode("utf-8"))["encoding"].lower().startswith("utf-8")
    assert text.encode("cp1252").decode(cchardet.detect(text.encode("cp1252"))["encoding"])
