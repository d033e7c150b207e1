"""What can go wrong, as exceptions."""

from typing import Any


class Error(Exception):
    """The base of all exceptions of this package, and itself for what went wrong in the host."""

    __module__ = "wadup"


class LoadError(Error):
    """The module is not a guest, fails to compile or start, or does not have the export."""

    __module__ = "wadup"


class GuestError(Error):
    """The guest failed. `stdout` and `stderr` are what it printed."""

    __module__ = "wadup"

    def __init__(self, message: str, *, stdout: str = "", stderr: str = "") -> None:
        super().__init__(message)
        self.stdout = stdout
        self.stderr = stderr

    def __reduce__(self) -> tuple[Any, ...]:
        """Keeps the attributes when the exception passes between processes."""
        return _again, (type(self), str(self), self.__dict__)


class StatusError(GuestError):
    """The guest returned another `status` than 0, as it does after an exception in its Python."""

    __module__ = "wadup"

    def __init__(self, message: str, *, status: int, stdout: str = "", stderr: str = "") -> None:
        super().__init__(message, stdout=stdout, stderr=stderr)
        self.status = status


class TrapError(GuestError):
    """The guest was stopped by a fault, for example `abort`. `backtrace` has its innermost wasm functions."""

    __module__ = "wadup"

    def __init__(self, message: str, *, backtrace: str, stdout: str = "", stderr: str = "") -> None:
        super().__init__(message, stdout=stdout, stderr=stderr)
        self.backtrace = backtrace


class LimitError(GuestError):
    """The guest exceeded a limit; `limit` is the name that `Guest` has for it.

    >>> guest = wadup.Guest("lockfile.wasm", rows=1)
    >>> try:
    ...     guest.process("sample.lock")
    ... except wadup.LimitError as error:
    ...     print(error.limit, "-", error)
    rows - the guest exceeded its limit of 1 rows
    """

    __module__ = "wadup"

    def __init__(self, message: str, *, limit: str, stdout: str = "", stderr: str = "") -> None:
        super().__init__(message, stdout=stdout, stderr=stderr)
        self.limit = limit


class ContractError(GuestError):
    """The guest left something that its host would not understand, or a table that no Arrow batch can hold.

    `file` is its path in the guest, or empty for such a table.
    """

    __module__ = "wadup"

    def __init__(self, message: str, *, file: str, stdout: str = "", stderr: str = "") -> None:
        super().__init__(message, stdout=stdout, stderr=stderr)
        self.file = file


def _again(kind: type[GuestError], message: str, attributes: dict[str, Any]) -> GuestError:
    return kind(message, **attributes)
