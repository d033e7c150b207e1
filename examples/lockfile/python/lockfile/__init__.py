"""Turns the Cargo.lock in /data.bin into one row per package."""

import tomllib

import versions
import wadup

from .models import Lockfile


def main() -> None:
    with open("/data.bin", "rb") as file:
        lockfile = Lockfile.model_validate(tomllib.load(file))

    wadup.define_table(
        "packages",
        [
            ("name", "String"),
            ("version", "String"),
            ("origin", "String"),
            ("dependencies", "Int64"),
        ],
    )
    in_order = sorted(
        lockfile.package,
        key=lambda package: (package.name, versions.sort_key(package.version)),
    )
    for package in in_order:
        wadup.insert_row(
            "packages",
            [package.name, package.version, package.origin, len(package.dependencies)],
        )
    wadup.flush()
