"""Counts the lines that ran, by the C tracer."""

import coverage
from coverage.tracer import CTracer


def check() -> None:
    tracer = CTracer()
    lines: dict = {}
    tracer.data = lines
    tracer.trace_arcs = False
    tracer.should_trace_cache = {}
    tracer.should_trace = lambda filename, frame: None
    tracer.should_start_context = None
    tracer.switch_context = None
    tracer.warn = print
    tracer.start()
    sum(range(3))
    tracer.stop()
    assert tracer.get_stats() is None or tracer.get_stats()["calls"] >= 0
    assert coverage.version_info >= (7,)
