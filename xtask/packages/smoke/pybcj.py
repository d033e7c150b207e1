"""Filters machine code back and forth."""

import bcj


def check() -> None:
    code = b"\xe8\x00\x10\x00\x00" * 100
    encoder = bcj.BCJEncoder()
    filtered = encoder.encode(code) + encoder.flush()
    decoder = bcj.BCJDecoder(len(filtered))
    assert filtered != code and decoder.decode(filtered) == code
