"""Calls a Python function from Rust: by its signature in `wadup_python!`, and as one would write it with PyO3.

Prints nanoseconds for each call, the fastest of several rounds in turn. Runs only in the guest of `benches/guest`.
"""

import json
import time

ROUNDS = 200
CALLS = 20_000


def half(number: float, _: str, /) -> float:
    return number / 2


def run() -> float:
    import rust_calls

    fastest = {"typed": float("inf"), "by_hand": float("inf")}
    sums = set()
    for _ in range(ROUNDS):
        for name, before in fastest.items():
            start = time.perf_counter()
            sums.add(getattr(rust_calls, name)(CALLS))
            fastest[name] = min(before, (time.perf_counter() - start) / CALLS * 1e9)
    (total,) = sums
    print(json.dumps({"ns": fastest, "ratio": fastest["typed"] / fastest["by_hand"]}))
    return total
