"""Selector event loop for WASI, which has no threads, processes, signals or socket pairs."""

import errno
import math
import selectors
import socket
import sys

from . import events
from . import selector_events

__all__ = (
    "SelectorEventLoop",
    "DefaultEventLoopPolicy",
    "EventLoop",
)


class _WasiSelector(selectors.DefaultSelector):
    """A selector that does not wait for what cannot happen.

    Nothing outside the loop's own thread can wake it: only the clock and files end a wait.
    """

    def __init__(self, loop):
        super().__init__()
        self._loop = loop

    def select(self, timeout=None):
        if not self.get_map() and self._loop._is_endless(timeout):
            raise RuntimeError(
                "the event loop would wait forever: no callback is scheduled, "
                "and WASI has no threads or signals that could schedule one"
            )
        return super().select(timeout)


class _WasiSelectorEventLoop(selector_events.BaseSelectorEventLoop):
    """The event loop of WASI.

    It has no self-pipe, because no other thread or signal has to wake it. Its methods for signals, pipes and Unix
    sockets raise NotImplementedError, and those for processes OSError, as subprocess does.
    """

    def __init__(self, selector=None):
        super().__init__(_WasiSelector(self) if selector is None else selector)

    def _is_endless(self, timeout):
        # Sleeping for an infinite time is also a way to wait for nothing.
        return timeout is None or timeout > 0 and self._scheduled[0].when() == math.inf

    def _make_self_pipe(self):
        self._ssock = self._csock = None

    def _close_self_pipe(self):
        pass

    async def shutdown_default_executor(self, timeout=None):
        # The executor could not start a thread, so there is none to wait for in another.
        self._executor_shutdown_called = True
        if self._default_executor is not None:
            self._default_executor.shutdown()

    async def getaddrinfo(self, host, port, *, family=0, type=0, proto=0, flags=0):
        # There is no thread in which this could wait.
        return socket.getaddrinfo(host, port, family, type, proto, flags)

    async def getnameinfo(self, sockaddr, flags=0):
        return socket.getnameinfo(sockaddr, flags)

    async def _make_subprocess_transport(
        self, protocol, args, shell, stdin, stdout, stderr, bufsize, extra=None, **kwargs
    ):
        raise OSError(errno.ENOTSUP, f"{sys.platform} does not support processes.")


class _WasiDefaultEventLoopPolicy(events.BaseDefaultEventLoopPolicy):
    """The default policy of WASI, which has no watcher for child processes."""

    _loop_factory = _WasiSelectorEventLoop


SelectorEventLoop = _WasiSelectorEventLoop
DefaultEventLoopPolicy = _WasiDefaultEventLoopPolicy
EventLoop = SelectorEventLoop
