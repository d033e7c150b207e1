"""Groups and partitions."""

import cytoolz
import cytoolz.itertoolz


def check() -> None:
    assert "_toolz" in cytoolz.groupby.__module__ or cytoolz.groupby is cytoolz.itertoolz.groupby
    assert cytoolz.groupby(len, ["a", "bb", "c"]) == {1: ["a", "c"], 2: ["bb"]}
    assert list(cytoolz.partition_all(2, [1, 2, 3])) == [(1, 2), (3,)]
    assert cytoolz.compose(str, abs)(-1) == "1"
