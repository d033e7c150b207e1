"""What came of each test, as lines of JSON that are on the host's disk before the next test begins."""

import json

RESULTS = "/results"

# A message tells failures apart; what it goes on with is in the other file.
LONGEST_MESSAGE = 300


class Outcomes:
    def __init__(self) -> None:
        self.lines = open(f"{RESULTS}/outcomes.jsonl", "w", encoding="utf-8", errors="backslashreplace", buffering=1)
        self.failures = open(f"{RESULTS}/failures.txt", "w", encoding="utf-8", errors="backslashreplace", buffering=1)

    def started(self, test: str) -> None:
        self._write(test=test, outcome="started")

    def ended(self, test: str, outcome: str, message: str = "") -> None:
        """`outcome` is passed, failed, skipped or expected, the last for what the test itself says will fail."""
        message = " ".join(message.split())[:LONGEST_MESSAGE]
        self._write(test=test, outcome=outcome, message=message)

    def explain(self, test: str, text: str) -> None:
        print(f"=== {test}\n{text}\n", file=self.failures)

    def complete(self) -> None:
        """Without this line the host takes the file for one that broke off."""
        self._write(test="", outcome="complete")
        self.lines.close()
        self.failures.close()

    def _write(self, **line: str) -> None:
        print(json.dumps(line), file=self.lines)
