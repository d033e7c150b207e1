"""Compresses and decompresses by PPMd."""

import pyppmd


def check() -> None:
    data = b"This file is located in a folder. " * 100
    packed = pyppmd.compress(data, max_order=6, mem_size=1 << 20)
    assert pyppmd.decompress(packed, max_order=6, mem_size=1 << 20) == data and len(packed) < 200
