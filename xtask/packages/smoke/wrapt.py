"""Decorates functions and proxies objects."""

import wrapt
import wrapt._wrappers


def check() -> None:
    @wrapt.decorator
    def increased(wrapped, instance, args, kwargs):
        return wrapped(*args, **kwargs) + 1

    @increased
    def same(x: int) -> int:
        return x

    assert same(1) == 2 and same.__name__ == "same"
    assert issubclass(wrapt.ObjectProxy, wrapt._wrappers.ObjectProxy)
    assert wrapt.ObjectProxy([1]) + [2] == [1, 2]
