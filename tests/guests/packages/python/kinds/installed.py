"""What importlib.metadata says about packages: of an index, of this machine, and of the guest's own lock."""

import importlib
from importlib import metadata

PACKAGES = {
    "chardet": "chardet",
    "humanize": "humanize",
    "pygments": "pygments",
    "python-slugify": "slugify",
    "shelf-helper": "shelf_helper",
    "tabulate": "tabulate",
    "text-unidecode": "text_unidecode",
}


def check() -> None:
    files()
    entry_points()
    descriptions()
    lexers()


def files() -> None:
    """Each file that a package lists is there, and is that package's."""
    names = metadata.packages_distributions()
    seen = set()
    for distribution, package in PACKAGES.items():
        listed = metadata.files(distribution)
        paths = {str(path) for path in listed}
        # The guest has no sources of packages.
        module = f"{package}/__init__.pyc"
        assert module in paths or f"{package}.pyc" in paths, (distribution, sorted(paths))
        assert len(paths) == len(listed) and not paths & seen, distribution
        seen |= paths
        for path in listed:
            located = path.locate()
            content = path.read_binary()
            assert located.is_file() and (path.size is None or path.size == len(content)), located
        assert names[package] == [metadata.metadata(distribution)["Name"]]
        assert metadata.distribution(distribution).read_text("RECORD").count("\n") == len(listed)
    (helper,) = [path for path in metadata.files("shelf-helper") if path.name == "data.txt"]
    assert helper.hash.mode == "sha256" and helper.read_text()


def entry_points() -> None:
    points = metadata.entry_points(group="console_scripts")
    assert {"pygmentize", "slugify", "tabulate"} <= points.names
    for point in points:
        assert callable(point.load()) and point.dist.files, point
    (point,) = metadata.entry_points(group="console_scripts", name="pygmentize")
    assert point.value == "pygments.cmdline:main"


def descriptions() -> None:
    distribution = metadata.distribution("pygments")
    assert distribution.version and distribution.metadata["Requires-Python"]
    assert {dist.metadata["Name"].lower() for dist in metadata.distributions()} >= PACKAGES.keys()
    assert metadata.metadata("tabulate")["Summary"]
    assert metadata.requires("python-slugify")
    try:
        metadata.version("no-such-package-here")
    except metadata.PackageNotFoundError as error:
        assert error.name == "no-such-package-here"
    else:
        raise AssertionError("it was found")


def lexers() -> None:
    """Pygments imports its lexers by computed names."""
    from pygments import highlight
    from pygments.formatters import get_formatter_by_name
    from pygments.lexers import get_lexer_by_name, guess_lexer_for_filename

    for alias in ("python", "rust", "json", "html+jinja"):
        assert get_lexer_by_name(alias)
    assert guess_lexer_for_filename("x.toml", "a = 1\n").name == "TOML"
    shown = highlight("x = 1\n", get_lexer_by_name("python"), get_formatter_by_name("html"))
    assert '<span class="mi">1</span>' in shown
    assert importlib.import_module("pygments.lexers.rust")
