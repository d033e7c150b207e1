"""Detects the encoding of a text and turns its lines into slugs, with three packages."""

from importlib.metadata import metadata, version

import chardet
import humanize
import shelf_helper
import wadup
from slugify import slugify


def report(content):
    encoding = chardet.detect(content)["encoding"]
    wadup.define_table("texts", [("encoding", "String"), ("slug", "String"), ("words", "String")])
    for line in content.decode(encoding).splitlines():
        words = humanize.apnumber(len(line.split()))
        wadup.insert_row("texts", [encoding, slugify(line), words])


def local_package():
    assert shelf_helper.plain("größer") == "grosser", shelf_helper.plain("größer")
    assert shelf_helper.data() == "ü\n"
    assert version("shelf-helper") == shelf_helper.VERSION
    assert metadata("shelf-helper")["Name"] == "shelf-helper"
    assert shelf_helper.__file__.startswith("/wadup/site/"), shelf_helper.__file__
