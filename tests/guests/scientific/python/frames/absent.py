"""What cannot work on WASI fails at the call, with the exception for what is missing."""

import io

import numpy as np
import pandas as pd

from .features import FRAME, refused


def at_the_call() -> None:
    with open("/mapped.csv", "w") as file:
        file.write("a\n1\n")
    assert pd.read_csv("/mapped.csv", memory_map=True)["a"].tolist() == [1]
    # It reads the other frame's memory through ctypes.
    assert interchange()["a"].tolist() == [0, 1, 2]
    refused(ImportError, lambda: pd.read_parquet(io.BytesIO()))
    refused(ImportError, lambda: FRAME.to_excel("/frame.xlsx"))
    # There is no network.
    assert "not implemented" in refused(OSError, lambda: pd.read_csv("http://127.0.0.1:1/x.csv"))
    refused(Exception, lambda: FRAME.to_clipboard())


def interchange() -> pd.DataFrame:
    class Foreign:
        """A frame that pandas does not know to be its own."""

        def __dataframe__(self, allow_copy: bool = True):
            return pd.DataFrame({"a": np.arange(3)}).__dataframe__(allow_copy=allow_copy)

    return pd.api.interchange.from_dataframe(Foreign())
