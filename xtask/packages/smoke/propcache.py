"""A property is calculated once."""

import propcache._helpers_c
from propcache import cached_property


def check() -> None:
    assert cached_property.__module__ == "propcache._helpers_c"

    class Once:
        calls = 0

        @cached_property
        def value(self) -> int:
            self.calls += 1
            return 5

    once = Once()
    assert (once.value, once.value, once.calls) == (5, 5, 1)
