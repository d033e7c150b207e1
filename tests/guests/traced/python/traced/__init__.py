"""A standard library with only the modules that imports reach."""

import importlib
import importlib.metadata
import inspect
from datetime import UTC, datetime
from decimal import Decimal
from ipaddress import IPv4Address

from pydantic import BaseModel, ValidationError

from traced import windows


class Visit(BaseModel):
    when: datetime
    address: IPv4Address
    price: Decimal


def main() -> None:
    for feature in [
        validates,
        imports_late,
        imports_what_is_named,
        decodes,
        lacks_the_rest,
        tells_versions,
        lists_files,
    ]:
        feature()


def validates() -> None:
    visit = Visit.model_validate_json('{"when": "2024-02-29T12:00:00Z", "address": "192.0.2.1", "price": "1.10"}')
    assert visit == Visit(when=datetime(2024, 2, 29, 12, tzinfo=UTC), address="192.0.2.1", price="1.10")
    try:
        Visit(when="never", address="192.0.2.1", price=1)
    except ValidationError as error:
        assert error.errors()[0]["loc"] == ("when",)
    else:
        raise AssertionError("a visit at no time was accepted")


def imports_late() -> None:
    # The trace follows imports inside functions as well.
    import fractions

    assert fractions.Fraction("0.5") == Decimal("0.5")


def imports_what_is_named() -> None:
    assert importlib.import_module("colorsys").rgb_to_hls(0, 0, 0) == (0, 0, 0)


def decodes() -> None:
    assert windows.PRICE == "7 €"
    # What is shipped can be read.
    assert 'PRICE = "7 €"' in inspect.getsource(windows)
    assert b"\xc4\xc1".decode("koi8-r") == "да"


def lacks_the_rest() -> None:
    # One is written in Python, one in C and Python, one in C alone, one is an encoding.
    for name in ["wave", "sqlite3", "_codecs_jp", "encodings.cp437"]:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            assert error.name in (name, "_" + name), error.name
        else:
            raise AssertionError(f"{name} is there")


def tells_versions() -> None:
    assert importlib.metadata.version("pydantic") == "2.12.5"


def lists_files() -> None:
    for name in ("pydantic", "pydantic-core"):
        files = importlib.metadata.files(name)
        package = name.replace("-", "_")
        assert f"{package}/__init__.pyc" in map(str, files), files
        assert importlib.metadata.packages_distributions()[package] == [importlib.metadata.metadata(name)["Name"]]
