"""json, csv, re, tomllib, XML, unicodedata, codecs, email, pydoc."""

import csv
import io
import json
import pydoc
import re
import tomllib
import unicodedata
import xml.etree.ElementTree as ElementTree
from email import message_from_string


def check() -> None:
    value = {"text": 'größer "数"\n', "numbers": [1, -2.5e300, None, True], "empty": {}}
    assert json.loads(json.dumps(value)) == value
    try:
        json.loads('{"a": }')
    except json.JSONDecodeError as error:
        assert (error.lineno, error.colno) == (1, 7)
    else:
        raise AssertionError("broken JSON was read")

    file = io.StringIO()
    rows = [["a", 'with "quotes"', "two\nlines"], ["", ",", "ü"]]
    csv.writer(file).writerows(rows)
    file.seek(0)
    assert list(csv.reader(file)) == rows

    assert re.sub(r"(?P<year>\d{4})-(\d\d)", r"\2/\g<year>", "on 2024-05") == "on 05/2024"
    assert re.findall(r"(?i)\bö\w+", "Öl öde Boot") == ["Öl", "öde"]
    assert tomllib.loads('a = [1, 0x1F]\n[b]\nc = 1979-05-27')["b"]["c"].year == 1979

    root = ElementTree.fromstring('<r xmlns:x="u"><x:a k="&lt;">ü</x:a><b/></r>')
    assert root[0].tag == "{u}a" and root[0].get("k") == "<" and root[0].text == "ü"
    assert [child.tag for child in root.iterfind("b")] == ["b"]
    try:
        ElementTree.fromstring("<a><b></a>")
    except ElementTree.ParseError as error:
        assert "mismatched tag" in str(error)
    else:
        raise AssertionError("broken XML was read")

    assert unicodedata.normalize("NFD", "ü") == "u\u0308"
    assert unicodedata.name("数") == "CJK UNIFIED IDEOGRAPH-6570"
    for encoding in ["latin-1", "cp1252", "utf-16", "shift_jis", "gb18030", "euc_kr", "big5", "idna"]:
        assert "ascii".encode(encoding).decode(encoding) == "ascii", encoding
    assert "数".encode("shift_jis") == b"\x90\x94"
    assert message_from_string("Subject: =?utf-8?q?=C3=BC?=\n\nbody")["subject"] == "=?utf-8?q?=C3=BC?="

    help_text = pydoc.render_doc(json.loads, renderer=pydoc.plaintext)
    assert "Deserialize ``s``" in help_text, help_text
