"""Packages in C and in Rust, compiled with SIMD: they compute what they do without."""

import rpds
import wadup
import xxhash
from bitarray import bitarray

#: By the package's wheel for x86-64.
DIGESTS = {
    b"xxhash": "aa4c2b42ae6b13de",
    bytes(range(256)) * 64: "c96b04ebefa8f6dc",
}


def main() -> None:
    wadup.define_table("digests", [("bytes", "Int64"), ("digest", "String")])
    for data, expected in DIGESTS.items():
        digest = xxhash.xxh3_64(data).hexdigest()
        assert digest == expected, (len(data), digest)
        wadup.insert_row("digests", [len(data), digest])
    ones, every_third = bitarray("1" * 9999), bitarray("100" * 3333)
    assert (ones ^ every_third).count() == 6666 and (ones & every_third) == every_third
    squares = rpds.HashTrieMap({number: number * number for number in range(1000)})
    assert sum(squares.values()) == 332_833_500
