"""Turns the document in /data.bin into rows and sub-content."""

import kinds
import wadup

from . import readers
from .models import Document


def main() -> None:
    with open("/data.bin", "rb") as file:
        data = file.read()
    kind = kinds.of(data)
    if kind is None:
        raise ValueError("the input is neither PDF, XLSX, HTML, an image nor JSON")
    emit(readers.OF_KIND[kind](data))


def emit(document: Document) -> None:
    wadup.define_table(
        "documents",
        [("kind", "String"), ("title", "String", ""), ("parts", "Int64"), ("attachments", "Int64")],
    )
    wadup.insert_row(
        "documents",
        [document.kind, document.title, len(document.parts), len(document.attachments)],
    )
    wadup.define_table(
        "parts",
        [("part", "Int64"), ("name", "String"), ("characters", "Int64"), ("beginning", "String")],
    )
    for number, part in enumerate(document.parts, start=1):
        wadup.insert_row("parts", [number, part.name, len(part.text), part.beginning])
    # The host processes each of them as an input of its own.
    for attachment in document.attachments:
        wadup.emit_bytes(attachment.data, attachment.filename)
