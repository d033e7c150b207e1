"""One function per feature; each raises if it does not work."""

import copy
import datetime
import pickle
from zoneinfo import ZoneInfo

import dateutil.parser
import numpy as np
import pandas as pd
from pandas.testing import assert_frame_equal, assert_series_equal


def refused(exception: type[BaseException], make) -> str:
    try:
        make()
    except exception as error:
        return str(error)
    raise AssertionError("accepted")


FRAME = pd.DataFrame({"key": ["a", "b", "a", "c"], "x": [1, 2, 3, 4], "y": [1.5, 2.5, np.nan, 4.5]})


def selection() -> None:
    assert FRAME.loc[FRAME["x"] > 2, "key"].tolist() == ["a", "c"]
    assert FRAME.iloc[-1]["x"] == 4
    indexed = FRAME.set_index(["key", "x"])
    assert indexed.loc[("a", 1), "y"] == 1.5
    assert FRAME.sort_values("y", ascending=False)["x"].tolist() == [4, 2, 1, 3]
    assert FRAME.drop_duplicates("key")["x"].tolist() == [1, 2, 4]
    assert FRAME.nlargest(2, "x")["x"].tolist() == [4, 3]


def groups() -> None:
    grouped = FRAME.groupby("key")
    assert grouped["x"].sum().to_dict() == {"a": 4, "b": 2, "c": 4}
    result = grouped.agg(total=("x", "sum"), middle=("y", "median"), spread=("x", lambda s: s.max() - s.min()))
    assert result.loc["a"].tolist() == [4, 1.5, 2]
    assert grouped["x"].transform("mean").tolist() == [2, 2, 2, 4]
    assert grouped["x"].rank().tolist() == [1, 1, 2, 1]
    assert grouped["x"].cumsum().tolist() == [1, 2, 4, 4]
    assert grouped.apply(len, include_groups=False).to_dict() == {"a": 2, "b": 1, "c": 1}


def merges() -> None:
    right = pd.DataFrame({"key": ["a", "c", "d"], "z": [10, 30, 40]})
    assert FRAME.merge(right)["z"].tolist() == [10, 10, 30]
    outer = FRAME.merge(right, how="outer", indicator=True)
    assert outer["_merge"].value_counts().to_dict() == {"both": 3, "left_only": 1, "right_only": 1}
    left = pd.DataFrame({"t": [1, 5, 10], "v": [1, 2, 3]})
    found = pd.merge_asof(left, pd.DataFrame({"t": [2, 6], "w": [7, 8]}), on="t")
    assert found["w"].tolist()[1:] == [7, 8]
    assert len(pd.concat([FRAME, FRAME], ignore_index=True)) == 8
    refused(pd.errors.MergeError, lambda: FRAME.merge(right, on="key", validate="one_to_one"))


def reshaping() -> None:
    wide = FRAME.pivot_table(index="key", values="x", aggfunc="sum", columns=FRAME["x"] % 2, fill_value=0)
    assert wide.loc["a"].tolist() == [0, 4]
    melted = FRAME.melt(id_vars="key")
    assert len(melted) == 8
    assert FRAME.set_index("key").stack().loc["b"].tolist() == [2, 2.5]
    assert pd.crosstab(FRAME["key"], FRAME["x"] > 2).loc["a"].tolist() == [1, 1]
    assert pd.get_dummies(FRAME["key"]).sum().tolist() == [2, 1, 1]
    assert FRAME.explode("x")["x"].tolist() == [1, 2, 3, 4]
    assert pd.cut([1, 5, 9], 3, labels=["low", "middle", "high"]).tolist() == ["low", "middle", "high"]


HOURS = pd.Series(np.arange(48.0), index=pd.date_range("2024-03-30", periods=48, freq="h"))


def resampling() -> None:
    assert HOURS.resample("D").sum().tolist() == [276, 852]
    assert HOURS.resample("6h").ohlc()["close"].iloc[0] == 5
    assert HOURS.iloc[::12].resample("6h").interpolate().tolist()[:3] == [0, 6, 12]
    assert HOURS.asfreq("D").tolist() == [0, 24]
    assert HOURS.groupby(pd.Grouper(freq="12h")).mean().tolist() == [5.5, 17.5, 29.5, 41.5]


def rolling_windows() -> None:
    assert HOURS.rolling(3).mean().iloc[2] == 1
    assert HOURS.rolling("2h").sum().iloc[-1] == 93
    assert HOURS.rolling(5).median().iloc[-1] == 45
    assert HOURS.rolling(5).quantile(0.25).iloc[-1] == 44
    assert HOURS.expanding().max().iloc[-1] == 47
    assert abs(HOURS.rolling(10).std().iloc[-1] - 3.0276503540974917) < 1e-12
    assert abs(HOURS.ewm(span=3).mean().iloc[-1] - 46) < 1e-6
    assert HOURS.rolling(3).apply(lambda window: window[-1], raw=True).iloc[-1] == 47
    assert HOURS.shift(1).iloc[1] == HOURS.diff().sum() - 47


def time_zones() -> None:
    berlin = HOURS.tz_localize("UTC").tz_convert("Europe/Berlin")
    assert berlin.index[0].hour == 1 and berlin.index[-1].hour == 1
    assert berlin.index[24].utcoffset() != berlin.index[26].utcoffset()
    ambiguous = pd.Timestamp("2024-10-27 02:30")
    assert ambiguous.tz_localize("Europe/Berlin", ambiguous=True).utcoffset() == pd.Timedelta(hours=2)
    refused(Exception, lambda: pd.Timestamp("2024-03-31 02:30").tz_localize("Europe/Berlin"))
    zone = ZoneInfo("America/New_York")
    assert pd.Timestamp("2024-07-01", tz=zone).utcoffset() == pd.Timedelta(hours=-4)
    assert str(pd.Timestamp("2024-07-01", tz="Asia/Kolkata")) == "2024-07-01 00:00:00+05:30"


def years_of_two_digits() -> None:
    # They are near to the year of the call, whenever pandas was imported.
    year = datetime.date.today().year + 40
    for parse in [dateutil.parser.parse, pd.Timestamp]:
        assert parse(f"1 Jan {year % 100:02}").year == year


def periods_and_offsets() -> None:
    assert str(pd.Period("2024Q1") + 1) == "2024Q2"
    assert pd.Period("2024-08", "M").strftime("août %y") == "août 24"
    assert pd.Timestamp("2024-01-31") + pd.offsets.MonthEnd() == pd.Timestamp("2024-02-29")
    assert pd.Timestamp("2024-01-05") + pd.offsets.BDay() == pd.Timestamp("2024-01-08")
    assert pd.to_timedelta("1 days 02:03:04").total_seconds() == 93784
    assert pd.date_range("2024-01-01", periods=3, freq="ME")[-1] == pd.Timestamp("2024-03-31")
    assert pd.to_datetime("31/12/2024", dayfirst=True).month == 12
    assert pd.Timestamp("2024-01-01").isocalendar().week == 1
    assert pd.interval_range(0, 3)[1].right == 2


def categoricals() -> None:
    sizes = pd.Series(["s", "l", "s"], dtype=pd.CategoricalDtype(["s", "m", "l"], ordered=True))
    assert sizes.max() == "l" and (sizes < "m").tolist() == [True, False, True]
    assert sizes.cat.codes.tolist() == [0, 2, 0]
    assert sizes.groupby(sizes, observed=False).size().to_dict() == {"s": 2, "m": 0, "l": 1}
    refused(TypeError, lambda: sizes.cat.set_categories(["s"]) + 1)


def pickles() -> None:
    for values in [
        pd.Index(["a", "b"], dtype="category"),
        pd.Index(["a", "b"], dtype="string[python]"),
        pd.period_range("2024", periods=3, freq="M"),
        pd.date_range("2024", periods=3, tz="Europe/Berlin"),
    ]:
        assert pickle.loads(pickle.dumps(values)).equals(values), values
        assert copy.deepcopy(values).equals(values), values


def strings() -> None:
    words = pd.Series(["Alpha beta", None, "gamma"])
    assert words.str.upper().tolist()[0] == "ALPHA BETA"
    assert words.str.contains("a$", na=False).tolist() == [True, False, True]
    assert words.str.extract(r"(\w+) (\w+)").loc[0].tolist() == ["Alpha", "beta"]
    assert words.str.split().str.len().tolist()[0] == 2
    assert words.astype("string").str.len().tolist()[2] == 5
    assert words.str.cat(sep="|") == "Alpha beta|gamma"


def missing_values() -> None:
    assert FRAME["y"].fillna(0).sum() == 8.5
    assert FRAME["y"].interpolate().tolist()[2] == 3.5
    assert len(FRAME.dropna()) == 3
    assert FRAME["y"].ffill().tolist()[2] == 2.5
    assert pd.isna(pd.NaT) and pd.isna(pd.NA)


def sparse_and_nullable() -> None:
    sparse = pd.arrays.SparseArray([0, 0, 1, 0])
    assert sparse.density == 0.25 and (sparse + 1).to_dense().tolist() == [1, 1, 2, 1]
    nullable = pd.Series([1, None, 3], dtype="Int64")
    assert nullable.sum() == 4 and (nullable + 1).isna().tolist() == [False, True, False]
    assert pd.Series([True, None], dtype="boolean").any()


def queries() -> None:
    assert FRAME.query("x > 1 and key == 'a'")["x"].tolist() == [3]
    assert FRAME.eval("z = x * 2")["z"].tolist() == [2, 4, 6, 8]
    assert pd.util.hash_pandas_object(FRAME["key"], index=False).nunique() == 3
    assert FRAME["key"].isin(["a"]).sum() == 2


def statistics() -> None:
    description = FRAME.describe()
    assert description.loc["mean", "x"] == 2.5
    assert abs(FRAME[["x", "y"]].corr().iloc[0, 1] - 1) < 0.01
    assert FRAME["key"].value_counts().iloc[0] == 2
    assert FRAME["x"].quantile([0.25, 0.75]).tolist() == [1.75, 3.25]
    assert abs(FRAME["x"].skew()) < 1e-12
    assert abs(pd.Series([1, 2, 3]).corr(pd.Series([1, 3, 2])) - 0.5) < 1e-12


def many_rows() -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame({"key": generator.integers(0, 1000, 200_000), "x": generator.random(200_000)})
    sums = frame.groupby("key")["x"].sum()
    assert len(sums) == 1000
    assert abs(sums.sum() - frame["x"].sum()) < 1e-6
    ordered = frame.sort_values(["key", "x"])
    assert ordered["key"].is_monotonic_increasing
    assert_series_equal(ordered["x"].sort_index(), frame["x"])
    assert_frame_equal(ordered.sort_index(), frame)


def mistakes() -> None:
    assert refused(KeyError, lambda: FRAME["absent"]) == "'absent'"
    refused(ValueError, lambda: pd.to_datetime("not a date"))
    refused(pd.errors.OutOfBoundsDatetime, lambda: pd.Timestamp("3000-01-01").as_unit("ns"))
    refused(ValueError, lambda: pd.DataFrame({"a": [1], "b": [1, 2]}))
    refused(TypeError, lambda: FRAME["key"] + 1)
    refused(pd.errors.IntCastingNaNError, lambda: FRAME["y"].astype(int))
