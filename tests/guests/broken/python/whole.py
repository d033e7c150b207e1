"""A module that can be imported, beside one that cannot."""


def main() -> None:
    """Succeeds."""
