"""A proxy calls its factory once."""

import lazy_object_proxy
import lazy_object_proxy.cext


def check() -> None:
    calls = []
    proxy = lazy_object_proxy.cext.Proxy(lambda: calls.append(1) or [1, 2])
    assert not calls
    assert len(proxy) == 2 and proxy + [3] == [1, 2, 3] and calls == [1]
