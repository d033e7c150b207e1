"""Another package beside the first."""

NAME = __name__


def __getattr__(name: str) -> str:
    """Makes up an attribute (PEP 562)."""
    if name == "made_up":
        return "made up"
    raise AttributeError(name)
