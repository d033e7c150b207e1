"""pkg-config for the C libraries of guests. The text is run after a line that sets LIBRARIES to what this build may link."""

import re
import sys

VERSION = "0.29.2"
COMPARISONS = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def main(arguments):
    options = [argument for argument in arguments if argument.startswith("-")]
    words = " ".join(argument for argument in arguments if not argument.startswith("-"))
    if "--version" in options:
        print(VERSION)
        return 0
    if any(option.startswith("--atleast-pkgconfig-version") for option in options):
        return 0
    if "--list-all" in options:
        print("\n".join(f"{name} {name}" for name in LIBRARIES))
        return 0
    bounds = [(option.lstrip("-").split("-")[0], option.split("=", 1)[1]) for option in options if "-version=" in option]
    names = []
    for name, comparison, bound in re.findall(r"([^\s,<>=!]+)(?:\s*([<>=!]+)\s*([^\s,]+))?", words):
        names.append(name)
        if name not in LIBRARIES or comparison and not COMPARISONS[comparison](version(name), numbers(bound)):
            return missing(name, options)
        for kind, bound in bounds:
            how = {"atleast": ">=", "max": "<=", "exact": "="}[kind]
            if not COMPARISONS[how](version(name), numbers(bound)):
                return missing(name, options)
    if not names:
        return 1
    answer(options, [LIBRARIES[name] for name in names])
    return 0


def answer(options, libraries):
    if "--modversion" in options:
        print("\n".join(library["version"] for library in libraries))
        return
    for option in options:
        if option.startswith("--variable="):
            library = libraries[0]
            variables = {
                "prefix": library["prefix"],
                "includedir": f"{library['prefix']}/include",
                "libdir": f"{library['prefix']}/lib",
            }
            print(variables.get(option.split("=", 1)[1], ""))
            return
    words = []
    folders = with_needed(libraries)
    if {"--cflags", "--cflags-only-I"} & set(options):
        words += [f"-I{library['prefix']}/{library['include']}".rstrip("/") for library in folders]
    if {"--libs", "--libs-only-L"} & set(options):
        words += [f"-L{library['prefix']}/lib" for library in folders]
    for library in libraries:
        if {"--libs", "--libs-only-l"} & set(options):
            words.append(f"-l{library['library']}")
            # Every library is an archive, so those that it needs are linked with it.
            words += [f"-l{name}" for name in library["needs"]]
    if words:
        print(" ".join(words))


def with_needed(libraries):
    """The libraries and those that they need: each has a folder of its own."""
    needed = {name for library in libraries for name in library["needs"]}
    return libraries + [
        library for library in LIBRARIES.values() if library["library"] in needed and library not in libraries
    ]


def version(name):
    return numbers(LIBRARIES[name]["version"])


def numbers(text):
    found = [int(number) for number in re.findall(r"\d+", text)]
    while found and not found[-1]:
        found.pop()
    return found


def missing(name, options):
    if "--exists" not in options and "--silence-errors" not in options:
        sys.stderr.write(f"Package {name} was not found among the libraries for guests\n")
    return 1


sys.exit(main(sys.argv[1:]))
