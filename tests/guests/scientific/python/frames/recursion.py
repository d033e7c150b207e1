"""Recursion without end through NumPy and pandas is an exception, on the native stack that hosts allow by default."""

import io

import numpy as np
import pandas as pd

from .features import refused


def through_compiled_code() -> None:
    for recursion in [
        Written().__str__,
        Shown().__repr__,
        ordered_by_itself,
        added_by_itself,
        vectorized,
        mapped,
        grouped,
        rolled,
        pivoted,
        parsed,
        serialized,
    ]:
        refused(RecursionError, recursion)


class Written:
    def __str__(self) -> str:
        return str(np.array([Written()], object))

    __repr__ = __str__


class Shown:
    def __repr__(self) -> str:
        return repr(pd.Series([Shown()]))


class Ordered:
    def __lt__(self, other: object) -> bool:
        return ordered_by_itself()


class Added:
    def __add__(self, other: object) -> np.ndarray:
        return added_by_itself()


def ordered_by_itself() -> bool:
    return np.sort(np.array([Ordered(), Ordered()], object)) is None


def added_by_itself() -> np.ndarray:
    return np.array([Added()], object) + np.array([Added()], object)


def vectorized(_: object = None) -> np.ndarray:
    return np.vectorize(vectorized, otypes=[object])([1, 2])


def mapped(_: object = None) -> pd.Series:
    return pd.Series([1, 2]).map(mapped)


def grouped(_: object = None) -> pd.Series:
    return pd.DataFrame({"key": [1, 1], "value": [1, 2]}).groupby("key")["value"].transform(grouped)


def rolled(_: object = None) -> pd.Series:
    return pd.Series([1.0, 2.0, 3.0]).rolling(2).apply(rolled, raw=True)


def pivoted(_: object = None) -> pd.DataFrame:
    return pd.DataFrame({"key": [1, 1], "value": [1, 2]}).pivot_table(index="key", aggfunc=pivoted)


def parsed(_: object = None) -> pd.DataFrame:
    return pd.read_csv(io.StringIO("a,b\n1,2\n"), converters={"a": parsed})


def serialized(_: object = None) -> str:
    return pd.Series([object()]).to_json(default_handler=serialized)
