"""Stands in for pyperf, with which the programs of pyperformance measure themselves: collects what they would measure."""

import argparse
import time
from collections.abc import Callable

perf_counter = time.perf_counter


class Runner:
    """Collects the functions of the script that is being run."""

    collected: list[Callable[[int], object]] = []
    """Each takes how often to repeat."""

    def __init__(self, **_options: object) -> None:
        self.metadata: dict[str, object] = {}
        self.argparser = argparse.ArgumentParser()

    def parse_args(self) -> argparse.Namespace:
        """The defaults of the script's options."""
        return self.argparser.parse_args([])

    def bench_func(self, _name: str, function: Callable[..., object], *arguments: object, **_options: object) -> None:
        def repeat(loops: int) -> None:
            for _ in range(loops):
                function(*arguments)

        self.collected.append(repeat)

    def bench_time_func(self, _name: str, function: Callable[..., object], *arguments: object, **_options: object) -> None:
        self.collected.append(lambda loops: function(loops, *arguments))
