"""UUIDs by time, and known ones."""

import uuid_utils


def check() -> None:
    first, second = uuid_utils.uuid7(), uuid_utils.uuid7()
    assert first.version == 7 and first != second
    assert uuid_utils.UUID("a8098c1a-f86e-11da-bd1a-00112444be1e").int == 0xA8098C1AF86E11DABD1A00112444BE1E
