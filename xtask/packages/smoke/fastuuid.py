"""Random and name-based UUIDs."""

import fastuuid


def check() -> None:
    assert fastuuid.uuid4().version == 4 and fastuuid.uuid4() != fastuuid.uuid4()
    known = fastuuid.UUID("a8098c1a-f86e-11da-bd1a-00112444be1e")
    assert known.int == 0xA8098C1AF86E11DABD1A00112444BE1E
    assert str(fastuuid.uuid3(known, b"x")) == "8456d44c-fd8c-322c-ba0e-522b72cf16f8"
