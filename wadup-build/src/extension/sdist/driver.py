"""Calls one hook of a package's build backend (PEP 517): driver.py HOOK SETTINGS RESULT [FOLDER].

The package is the current folder. SETTINGS are the configuration settings as JSON; what the hook returns is written to the
file RESULT as JSON. FOLDER is where a wheel goes.
"""

import importlib
import json
import os
import sys
import tomllib


def main(hook, settings, result, *folder):
    system = {}
    if os.path.exists("pyproject.toml"):
        with open("pyproject.toml", "rb") as file:
            system = tomllib.load(file).get("build-system", {})
    value = call(system, hook, json.loads(settings) or None, folder)
    with open(result, "w") as file:
        json.dump(value, file)


def call(system, hook, settings, folder):
    # Packages without the table are built like setup.py did (PEP 517).
    name = system.get("build-backend", "setuptools.build_meta:__legacy__")
    sys.path[:0] = [os.path.abspath(path) for path in system.get("backend-path", [])]
    module, _, attributes = name.partition(":")
    backend = importlib.import_module(module)
    for attribute in filter(None, attributes.split(".")):
        backend = getattr(backend, attribute)
    if hook == "get_requires_for_build_wheel" and not hasattr(backend, hook):
        return []
    return getattr(backend, hook)(*folder, settings)


arguments = sys.argv[1:]
# Some backends would use files that they find there.
del sys.argv[1:]
main(*arguments)
