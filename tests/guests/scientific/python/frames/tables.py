"""Tables read and written: CSV, JSON, SQL and others."""

import io
import pickle
import sqlite3

import numpy as np
import pandas as pd
from pandas.testing import assert_frame_equal

from .features import refused

CSV = """name,born,score,ok
Ada,1815-12-10,9.5,True
"Hopper, Grace",1906-12-09,,False
Zoë,1990-01-01,1e3,True
"""


def csv_by_both_engines() -> None:
    frames = [pd.read_csv(io.StringIO(CSV), engine=engine, parse_dates=["born"]) for engine in ["c", "python"]]
    assert_frame_equal(*frames)
    frame = frames[0]
    assert frame["name"].tolist() == ["Ada", "Hopper, Grace", "Zoë"]
    assert frame["born"].dt.year.tolist() == [1815, 1906, 1990]
    assert np.isnan(frame["score"][1]) and frame["score"][2] == 1000
    assert frame["ok"].dtype == bool
    assert_frame_equal(pd.read_csv(io.StringIO(frame.to_csv(index=False)), parse_dates=["born"]), frame)
    separated = pd.read_csv(io.StringIO("a  b\n1  2\n"), sep=r"\s+")
    assert separated.loc[0].tolist() == [1, 2]
    chunks = list(pd.read_csv(io.StringIO("a\n" + "1\n" * 10), chunksize=4))
    assert [len(chunk) for chunk in chunks] == [4, 4, 2]
    fixed = pd.read_fwf(io.StringIO("a   b\n1   2\n"))
    assert fixed.loc[0].tolist() == [1, 2]


def csv_mistakes() -> None:
    ragged = "a,b\n1,2\n1,2,3\n"
    for engine in ["c", "python"]:
        assert "line 3" in refused(pd.errors.ParserError, lambda: pd.read_csv(io.StringIO(ragged), engine=engine))
    refused(pd.errors.EmptyDataError, lambda: pd.read_csv(io.StringIO("")))
    refused(FileNotFoundError, lambda: pd.read_csv("/absent.csv"))


def csv_to_files() -> None:
    frame = pd.DataFrame({"a": range(1000), "b": np.linspace(0, 1, 1000)})
    for name in ["/frame.csv", "/frame.csv.gz", "/frame.csv.bz2", "/frame.csv.xz", "/frame.csv.zip"]:
        frame.to_csv(name, index=False)
        assert_frame_equal(pd.read_csv(name), frame)


def json_in_and_out() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.to_datetime(["2024-01-01", "2024-01-02"])})
    text = frame.to_json(orient="records", date_format="iso")
    assert text == (
        '[{"a":1,"b":"x","c":"2024-01-01T00:00:00.000"},{"a":2,"b":null,"c":"2024-01-02T00:00:00.000"}]'
    )
    assert_frame_equal(pd.read_json(io.StringIO(text), convert_dates=["c"]), frame, check_dtype=False)
    nested = pd.json_normalize([{"id": 1, "of": {"x": 2}}])
    assert nested.columns.tolist() == ["id", "of.x"]
    refused(ValueError, lambda: pd.read_json(io.StringIO("{")))


def sql() -> None:
    frame = pd.DataFrame({"name": ["Ada", "Grace"], "born": [1815, 1906]})
    with sqlite3.connect(":memory:") as connection:
        frame.to_sql("people", connection, index=False)
        found = pd.read_sql("SELECT name FROM people WHERE born > ?", connection, params=(1900,))
        assert found["name"].tolist() == ["Grace"]
        assert_frame_equal(pd.read_sql("SELECT * FROM people", connection), frame)
        refused(pd.errors.DatabaseError, lambda: pd.read_sql("SELECT * FROM absent", connection))


def other_formats() -> None:
    frame = pd.DataFrame({"a": [1.5, 2.5]}, index=["x", "y"])
    assert "<td>1.5</td>" in frame.to_html()
    assert frame.to_string().splitlines()[1].split() == ["x", "1.5"]
    assert "\\begin" not in frame.to_string()
    assert_frame_equal(pickle.loads(pickle.dumps(frame)), frame)
    frame.to_pickle("/frame.pkl")
    assert_frame_equal(pd.read_pickle("/frame.pkl"), frame)
    xml = pd.read_xml(io.StringIO("<rows><row><a>1</a></row></rows>"), parser="etree")
    assert xml["a"].tolist() == [1]
