"""What a guest made of one input."""

from collections.abc import Mapping
from dataclasses import dataclass

from wadup._errors import GuestError
from wadup._native import Table


@dataclass(frozen=True, slots=True)
class SubContent:
    """New content that a guest found in its input, for example a file in an archive."""

    filename: str
    """The name that the guest gave it."""
    data: bytes
    """Its bytes."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a guest made of one input.

    >>> result = wadup.Guest("lockfile.wasm").process("sample.lock")
    >>> list(result.tables), result.subcontents, result.status
    (['packages'], (), 0)
    """

    tables: Mapping[str, Table]
    """The tables by name; none if the guest failed."""
    subcontents: tuple[SubContent, ...]
    """New content, none if the guest failed."""
    stdout: str
    """What the guest printed to standard output, up to 1 MiB."""
    stderr: str
    """What the guest printed to standard error, up to 1 MiB."""
    status: int | None
    """What the guest returned: 0 is a success, None means that it was stopped, or that what it left does not count."""
    error: GuestError | OSError | None
    """Why the guest failed, or why the file with the input cannot be read, or None."""

    def raise_for_error(self) -> None:
        """Raises the `error`, if there is one.

        >>> result = wadup.Guest("lockfile.wasm").process(b"?", check=False)
        >>> result.raise_for_error()
        Traceback (most recent call last):
        wadup.StatusError: the guest returned 1: ...
        """
        if self.error is not None:
            raise self.error
