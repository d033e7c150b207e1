"""Packages with native code, one for each backend, at real work: the sample of `cargo xtask packages`."""

import io
import pickle
from importlib import metadata

import bcrypt
import cchardet
import h3
import markupsafe._speedups
import msgpack
import msgpack._cmsgpack
import rpds
import xxhash
import yaml
from PIL import Image


def main() -> None:
    for package in [escape, pack, load, hash_password, persist, detect, locate, digest, jump, named, installed]:
        package()


def escape() -> None:
    """setuptools and C."""
    assert markupsafe._speedups._escape_inner("<") == "&lt;"
    assert markupsafe.escape("<a & 'b'>") == "&lt;a &amp; &#39;b&#39;&gt;"


def pack() -> None:
    """setuptools and Cython."""
    assert msgpack.Packer is msgpack._cmsgpack.Packer
    data = {"a": [1, -5, 2**40, 3.5, b"x", None, True], "s": "ü" * 100}
    assert msgpack.unpackb(msgpack.packb(data)) == data
    raises(msgpack.FormatError, lambda: msgpack.unpackb(b"\xc1"))


def load() -> None:
    """A backend in the package itself, Cython, and a C library."""
    text = "a:\n- 1\n- ü\n"
    assert yaml.load(text, Loader=yaml.CSafeLoader) == {"a": [1, "ü"]}
    assert yaml.dump({"a": [1, "ü"]}, Dumper=yaml.CSafeDumper, allow_unicode=True) == text
    raises(yaml.YAMLError, lambda: yaml.load("a: [", Loader=yaml.CSafeLoader))


def hash_password() -> None:
    """setuptools-rust."""
    known = b"$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm"
    assert bcrypt.hashpw(b"Kk4DQuMMfZL9o", known[:29]) == known
    assert not bcrypt.checkpw(b"other", known)


def persist() -> None:
    """maturin."""
    values = rpds.HashTrieMap({"a": 1}).insert("b", 2)
    assert dict(values) == {"a": 1, "b": 2}
    assert values.remove("a") == rpds.HashTrieMap({"b": 2})
    raises(KeyError, lambda: values["missing"])


def detect() -> None:
    """meson-python, Cython and C++."""
    text = "Größe für alle Bücher, schöne Grüße und Äpfel überall; Öl, Übung, Straße"
    assert cchardet.detect(text.encode())["encoding"].lower() == "utf-8"
    assert text.encode("cp1252").decode(cchardet.detect(text.encode("cp1252"))["encoding"]) == text


def locate() -> None:
    """scikit-build-core and Cython."""
    cell = h3.latlng_to_cell(37.7752702151959, -122.418307270836, 9)
    assert cell == "8928308280fffff" and len(h3.grid_disk(cell, 1)) == 7
    raises(h3.H3BaseException, lambda: h3.cell_to_latlng("8928308280fffff0"))


def digest() -> None:
    """Methods and getters in C that take less than CPython hands them."""
    assert xxhash.xxh64(b"xxhash", seed=20141025).hexdigest() == "b559b98d844e0635"
    assert xxhash.xxh32(b"a").intdigest() == 0x550D7456
    assert (xxhash.xxh32().name, xxhash.xxh32().digest_size) == ("XXH32", 4)


def jump() -> None:
    """C libraries, one of which leaves through longjmp at an error, as often as there are errors."""
    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(file, "JPEG")
    whole = file.getvalue()
    broken = bytearray(whole)
    # More codes of one bit than there can be.
    broken[whole.index(b"\xff\xc4") + 5] = 255
    for _ in range(3):
        raises(OSError, Image.open(io.BytesIO(broken)).load)
        assert abs(Image.open(io.BytesIO(whole)).getpixel((128, 200))[0] - 200) < 9


def named() -> None:
    """A function in a package's module says the module's whole name."""
    assert bcrypt.hashpw.__module__ == "bcrypt._bcrypt"
    assert pickle.loads(pickle.dumps(bcrypt.hashpw)) is bcrypt.hashpw


def installed() -> None:
    """Their modules in C are part of the interpreter, and all other files are listed."""
    names = metadata.packages_distributions()
    packages = {"MarkupSafe": "markupsafe", "msgpack": "msgpack", "PyYAML": "yaml", "rpds-py": "rpds", "xxhash": "xxhash"}
    for distribution, package in packages.items():
        assert names[package] == [metadata.metadata(distribution)["Name"]], names[package]
        files = metadata.files(distribution)
        assert f"{package}/__init__.pyc" in map(str, files), (distribution, files)
        record = metadata.distribution(distribution).read_text("RECORD")
        assert record.count("\n") == len(files), distribution


def raises(expected: type[Exception], function) -> None:
    try:
        function()
    except expected:
        return
    raise AssertionError(f"{expected.__name__} was not raised")
