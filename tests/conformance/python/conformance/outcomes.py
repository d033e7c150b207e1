"""Writes the outcome of each test as a line of JSON, which is on the host's disk before the next test begins."""

import json

RESULTS = "/results"

# The beginning of a message identifies a failure; the other file has all of it.
LONGEST_MESSAGE = 300


class Outcomes:
    def __init__(self) -> None:
        self.lines = open(f"{RESULTS}/outcomes.jsonl", "w", encoding="utf-8", errors="backslashreplace", buffering=1)
        self.failures = open(f"{RESULTS}/failures.txt", "w", encoding="utf-8", errors="backslashreplace", buffering=1)

    def started(self, test: str) -> None:
        self._write(test=test, outcome="started")

    def ended(self, test: str, outcome: str, message: str = "") -> None:
        """`outcome` is passed, failed, skipped or expected, the last if the test is marked as an expected failure."""
        message = " ".join(message.split())[:LONGEST_MESSAGE]
        self._write(test=test, outcome=outcome, message=message)

    def explain(self, test: str, text: str) -> None:
        print(f"=== {test}\n{text}\n", file=self.failures)

    def complete(self) -> None:
        """Without this line, the host considers the file aborted."""
        self._write(test="", outcome="complete")
        self.lines.close()
        self.failures.close()

    def _write(self, **line: str) -> None:
        print(json.dumps(line), file=self.lines)
