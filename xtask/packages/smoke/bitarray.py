"""Counts and combines bits."""

from bitarray import bitarray
from bitarray.util import ba2int


def check() -> None:
    bits = bitarray("1100101")
    assert bits.count() == 4 and ba2int(bits) == 101
    assert (bits & bitarray("1111000")).to01() == "1100000"
    assert bitarray("0111").index(1) == 1
