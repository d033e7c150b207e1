"""decimal, fractions, math, random, struct, statistics."""

import array
import math
import random
import statistics
import struct
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction


def check() -> None:
    with localcontext(prec=50):
        assert str(Decimal(2).sqrt()) == "1.4142135623730950488016887242096980785696718753769"
    assert Decimal("2.675").quantize(Decimal("0.01"), ROUND_HALF_EVEN) == Decimal("2.68")
    assert Fraction("0.125") + Fraction(1, 8) == Fraction(1, 4)
    assert math.isclose(math.gamma(0.5), math.sqrt(math.pi))
    assert math.comb(100, 50) == 100891344545564193334812497256
    assert 3**1000 % 10**20 == pow(3, 1000, 10**20)
    assert 0.1 + 0.2 == float("0.30000000000000004") == float.fromhex("0x1.3333333333334p-2")
    assert f"{1234567.891:,.2f}" == "1,234,567.89"
    assert struct.unpack("<iqd", struct.pack("<iqd", -1, 2**40, 0.5)) == (-1, 2**40, 0.5)
    assert array.array("q", [1, 2]).itemsize == 8
    assert statistics.stdev([1, 2, 3, 4]) == math.sqrt(5 / 3)
    assert random.Random(1).random() == 0.13436424411240122
    try:
        math.sqrt(-1)
    except ValueError:
        pass
    else:
        raise AssertionError("the root of -1 is real")
