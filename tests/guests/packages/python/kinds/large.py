"""Reads a file that is too large to hold."""

import hashlib

import humanize
import wadup

PIECE = 1 << 16


def count():
    size, lines, digest = 0, 0, hashlib.sha256()
    with open("/data.bin", "rb") as file:
        while piece := file.read(PIECE):
            size += len(piece)
            lines += piece.count(b"\n")
            digest.update(piece)
    wadup.define_table(
        "large", [("size", "Int64"), ("lines", "Int64"), ("sha256", "String"), ("told", "String")]
    )
    wadup.insert_row("large", [size, lines, digest.hexdigest(), humanize.naturalsize(size, binary=True)])
