"""What a tool is told of calls: each form of them, and none where it declined, also after a call that failed."""

import sys

EVENTS = ("CALL", "C_RETURN", "C_RAISE")


class _Tool:
    """Listens to the calls of a function, and to its lines, which stand where its instructions were."""

    NUMBER = 3

    def __init__(self, function, declined=None, refused=None) -> None:
        self.events: list[tuple[str, str]] = []
        self._code = function.__code__
        self._declined = declined
        self._refused = refused

    def __enter__(self):
        sys.monitoring.use_tool_id(self.NUMBER, "tool")
        for name in EVENTS:
            sys.monitoring.register_callback(self.NUMBER, getattr(sys.monitoring.events, name), self._listener(name))
        sys.monitoring.register_callback(self.NUMBER, sys.monitoring.events.LINE, lambda *_: None)
        sys.monitoring.set_local_events(
            self.NUMBER, self._code, sys.monitoring.events.CALL | sys.monitoring.events.LINE
        )
        return self

    def __exit__(self, *_) -> None:
        sys.monitoring.set_local_events(self.NUMBER, self._code, 0)
        sys.monitoring.free_tool_id(self.NUMBER)

    def _listener(self, name: str):
        def listen(_code, _place, called, _argument):
            if called is self._refused:
                raise ZeroDivisionError
            self.events.append((name, called.__name__))
            return sys.monitoring.DISABLE if name == "CALL" and called is self._declined else None

        return listen


class _Base:
    def name(self) -> str:
        return "base"


class _Derived(_Base):
    def name(self) -> str:
        return super().name()

    def fail(self, number: int) -> None:
        """A call that fails before it starts, and then calls of each form."""
        try:
            match number:
                case 0:
                    _python()
                case 1:
                    _python(other=1)
                case 2:
                    _python(*[1, 2])
                case 3:
                    sum(*1)
                case 4:
                    sum(*(1 // 0 for _ in "1"))
                case 5:
                    super().name()
        except (TypeError, ZeroDivisionError):
            pass
        sorted([2, 1])
        sorted([2, 1], reverse=True)
        sorted(*[[2, 1]])


def check() -> None:
    each_form_of_a_call()
    attributes_of_super()
    after_a_call_that_failed()


def each_form_of_a_call() -> None:
    _calls()
    with _Tool(_calls) as tool:
        _calls()
    _calls()
    built_in = [("CALL", "sorted"), ("C_RETURN", "sorted")] * 4
    python = [("CALL", "_python")] * 3
    assert tool.events == [*built_in, *python, ("CALL", "int"), ("C_RAISE", "int")], tool.events


def _calls() -> None:
    items = [2, 1]
    sorted(items)
    sorted(items, reverse=True)
    sorted(*[items])
    sorted(items, **{"reverse": True})
    _python(1)
    _python(value=1)
    _python(*[1])
    try:
        int("x")
    except ValueError:
        pass


def _python(value: int) -> int:
    return value


def attributes_of_super() -> None:
    with _Tool(_Derived.name) as tool:
        assert _Derived().name() == "base"
    assert _Derived().name() == "base"
    assert tool.events == [("CALL", "super"), ("C_RETURN", "super"), ("CALL", "name")], tool.events


def after_a_call_that_failed() -> None:
    with _Tool(_Derived.fail, declined=sorted, refused=super) as tool:
        _Derived().fail(-1)
        for number in range(6):
            tool.events.clear()
            _Derived().fail(number)
            assert not any(name == "sorted" for _event, name in tool.events), (number, tool.events)
