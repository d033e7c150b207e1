"""What a guest's system can do, cannot do, and says about it: maps, signals, descriptors, users, names, locales, times."""

import codecs
import errno
import locale
import mmap
import os
import signal
import socket
import time


def _refused(number: int, call) -> None:
    try:
        call()
    except OSError as error:
        assert error.errno == number and error.strerror, error
        return
    raise AssertionError("it worked")


def check() -> None:
    if os.path.isdir("/"):
        maps()
    signals()
    descriptors()
    names()
    locales()
    times()


def maps() -> None:
    path = "/mapped.bin"
    with open(path, "wb") as file:
        file.write(b"0123456789" * 1001)
    # The WADUP host accepts this and does nothing.
    os.truncate(path, 10000)
    cuts = os.path.getsize(path) == 10000
    length = os.path.getsize(path)

    # Changes reach the file when they are flushed, and what is left when the map is closed, after the file as well.
    with open(path, "r+b") as file:
        shared = mmap.mmap(file.fileno(), 0)
    shared[:3] = b"abc"
    shared[9000] = ord("x")
    assert _part(path, 0, 4) == b"0123"
    shared.flush()
    assert _part(path, 0, 4) == b"abc3" and _part(path, 9000, 2) == b"x1"
    with open(path, "r+b") as file:
        file.seek(5)
        file.write(b"!")
    shared[1] = ord("B")
    if cuts:
        length = 12000
        shared.resize(length)
        assert (len(shared), shared.size(), shared[length - 1]) == (length, length, 0)
    shared[length - 1] = 1
    shared.close()
    # What another wrote stays.
    assert _part(path, 0, 7) == b"aBc34!6" and _part(path, length - 1, 9) == b"\1"

    # A map that nobody closes writes when it is freed.
    with open(path, "r+b") as file:
        mmap.mmap(file.fileno(), 10)[0] = ord("Z")
    assert _part(path, 0, 2) == b"ZB"

    with open(path, "rb") as file:
        private = mmap.mmap(file.fileno(), 100, access=mmap.ACCESS_COPY)
        private[0] = ord("-")
        read_only = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        assert private[:2] == b"-B" and read_only[:2] == b"ZB" and read_only.find(b"x1") == 9000
        _refused(errno.EACCES, lambda: mmap.mmap(file.fileno(), 0))
    private.close()
    assert _part(path, 0, 2) == b"ZB"

    # The descriptor of a map is not given to another file, and its user has closed it.
    number = os.open(path, os.O_RDWR)
    held = mmap.mmap(number, 100)
    os.close(number)
    _refused(errno.EBADF, lambda: os.close(number))
    other = os.open(path, os.O_RDONLY)
    assert other != number
    held[0] = ord("Y")
    held.close()
    os.close(other)
    assert _part(path, 0, 1) == b"Y"
    _refused(errno.EBADF, lambda: os.fstat(number))

    # A map does not make its file longer.
    with open(path, "r+b") as file:
        cut = mmap.mmap(file.fileno(), 10)
    os.truncate(path, 0)
    length = os.path.getsize(path)
    cut[0] = 1
    cut.close()
    assert os.path.getsize(path) == length


def _part(path: str, start: int, length: int) -> bytes:
    with open(path, "rb") as file:
        file.seek(start)
        return file.read(length)


def signals() -> None:
    arrived: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: arrived.append(number))
    os.kill(os.getpid(), signal.SIGTERM)
    assert arrived == [signal.SIGTERM]
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    signal.raise_signal(signal.SIGTERM)
    assert len(arrived) == 1 and signal.sigpending() == {signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    assert len(arrived) == 2 and not signal.sigpending()
    signal.signal(signal.SIGTERM, before)
    _refused(errno.ESRCH, lambda: os.kill(4711, signal.SIGTERM))
    for call in [lambda: signal.alarm(1), signal.pause, lambda: signal.sigwait({signal.SIGTERM})]:
        _refused(errno.ENOSYS, call)


def descriptors() -> None:
    calls = [os.pipe, lambda: os.dup(1), lambda: os.dup2(1, 9), os.fork, lambda: os.waitpid(1, 0), lambda: os.umask(0o22)]
    calls += [lambda: os.system("true"), lambda: os.execv("/a", ["a"]), os.getlogin, lambda: os.setuid(1), os.setsid]
    calls += [lambda: os.statvfs("/"), lambda: os.chown("/wadup", 1, 1)]
    for call in calls:
        _refused(errno.ENOSYS, call)
    os.chown("/wadup", -1, os.stat("/wadup").st_gid)
    _refused(errno.ENOTTY, lambda: os.get_terminal_size(1))
    assert os.getuid() == -1 and os.path.expanduser("~nobody") == "~nobody"
    assert os.process_cpu_count() == 1
    assert os.times().elapsed < 10 * 365 * 24 * 3600


def names() -> None:
    found = socket.getaddrinfo("127.0.0.1", "80", type=socket.SOCK_STREAM)
    assert [entry[4] for entry in found] == [("127.0.0.1", 80)], found
    assert socket.getaddrinfo("::1", 443)[0][4][:2] == ("::1", 443)
    assert socket.getnameinfo(("127.0.0.1", 80), 0) == ("127.0.0.1", "80")
    for call in [lambda: socket.getaddrinfo("example.test", 80), lambda: socket.gethostbyname("example.test")]:
        try:
            call()
        except socket.gaierror as error:
            assert error.errno == socket.EAI_FAIL and "guest" in error.strerror, error
        else:
            raise AssertionError("a name was resolved")
    for call in [socket.socket, socket.socketpair, lambda: socket.create_connection(("127.0.0.1", 9))]:
        _refused(errno.ENOSYS, call)


def locales() -> None:
    for name in ["C", "POSIX", "C.UTF-8"]:
        locale.setlocale(locale.LC_ALL, name)
        assert codecs.lookup(locale.getencoding()).name in ("ascii", "utf-8")
    for name in ["fr_FR.UTF-8", "de_DE", "xx_YY", "C;C;C;C;C;fr_FR"]:
        for category in [locale.LC_ALL, locale.LC_NUMERIC, locale.LC_CTYPE]:
            try:
                locale.setlocale(category, name)
            except locale.Error:
                continue
            raise AssertionError(f"{name} has no effect and was accepted")
    assert locale.setlocale(locale.LC_ALL, "C") == "C"
    assert locale.format_string("%.2f", 1234.5, grouping=True) == "1234.50"


def times() -> None:
    moment = time.gmtime(0)
    for format, text in {
        "%H tail%": "00 tail%",
        "%Y %Q %!": "1970 %Q %!",
        "%-d %_d %Ey %Od": "1  1 70 01",
        "%": "%",
        "%%%": "%%",
        "%E": "%E",
        "ü%ü": "ü%ü",
        "": "",
    }.items():
        assert time.strftime(format, moment) == text, (format, time.strftime(format, moment))
    assert time.strftime("%Z") and "\0" not in time.strftime("%Z")
