"""pandas as most people use it, and calls that must fail."""

import importlib.metadata

import pandas as pd

from . import absent, features, recursion, tables


def main() -> None:
    assert importlib.metadata.version("pandas") == pd.__version__ == "2.3.3"
    for feature in [
        tables.csv_by_both_engines,
        tables.csv_mistakes,
        tables.csv_to_files,
        tables.json_in_and_out,
        tables.sql,
        tables.other_formats,
        features.selection,
        features.groups,
        features.merges,
        features.reshaping,
        features.resampling,
        features.rolling_windows,
        features.time_zones,
        features.years_of_two_digits,
        features.periods_and_offsets,
        features.categoricals,
        features.pickles,
        features.strings,
        features.missing_values,
        features.sparse_and_nullable,
        features.queries,
        features.statistics,
        features.many_rows,
        features.mistakes,
        absent.at_the_call,
        recursion.through_compiled_code,
    ]:
        feature()
