"""Joins and quotes addresses."""

import yarl
import yarl._quoting
import yarl._quoting_c


def check() -> None:
    assert yarl._quoting._Quoter is yarl._quoting_c._Quoter
    address = yarl.URL("http://ex.org/a b?x=ü") / "c"
    assert str(address) == "http://ex.org/a%20b/c"
    assert yarl.URL("http://ex.org/?x=ü").query["x"] == "ü"
