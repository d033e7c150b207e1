"""Reports what differs from instance to instance, and what was there before the first call."""

import logging
import os
import random
import ssl
import sys
import tempfile
import time
import uuid

import reads
import wadup

IMPORTED = time.monotonic()
PRELOADED_AT_IMPORT = "decimal" in sys.modules
LOG_STARTED = logging._startTime
CANDIDATE = next(tempfile._get_candidate_names())
NODE = uuid.getnode()
SQUARES = {}

os.environ["SET_BY_GUEST"] = "guest"


def load():
    SQUARES.update((number, number * number) for number in range(1000))


def main():
    # Modules that were not imported before the snapshot can still be imported.
    assert "colorsys" not in sys.modules or "colorsys" in DONE
    import colorsys  # noqa: F401

    DONE.add("colorsys")
    # It ran once: before the snapshot, or at the start.
    assert SQUARES[999] == 998001
    assert time.monotonic() >= IMPORTED
    # Private names, which a newer Python may not have.
    assert logging._startTime >= LOG_STARTED
    assert hasattr(tempfile, "_name_sequence") and hasattr(uuid, "_last_timestamp")
    # A guest's own variable wins over the host's.
    assert os.environ["SET_BY_GUEST"] == "guest" == os.getenv("SET_BY_GUEST")
    assert not [name for name in sys.path_importer_cache if not name.startswith("/wadup")]

    wadup.define_table("moments", [("what", "String"), ("value", "String")])
    for what, value in {
        "random": random.random(),
        "urandom": os.urandom(8).hex(),
        "openssl": ssl.RAND_bytes(8).hex(),
        "uuid4": uuid.uuid4(),
        "node": uuid.getnode(),
        "temporary": next(tempfile._get_candidate_names()),
        "variable": os.environ.get("FROM_HOST"),
        "variables": sorted(os.environ),
        "arguments": sys.argv,
        "original arguments": sys.orig_argv,
        "decimal": "decimal" in sys.modules,
    }.items():
        wadup.insert_row("moments", [what, str(value)])

    wadup.define_table("answers", [("call", "String"), ("answer", "String")])
    for call, answer in reads.ANSWERS.items():
        wadup.insert_row("answers", [call, answer])


DONE = set()
