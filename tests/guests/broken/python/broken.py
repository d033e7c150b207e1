"""A module that cannot be imported."""

raise ImportError("broken on purpose")


def main() -> None:
    """Never called."""
