"""Libraries over what WASI has in part or not at all: ctypes, maps of files, certificates, threads, sockets."""

import io
import ssl
import struct

import anyio
import certifi
import httpx
import pefile
import requests
from rich.console import Console
from rich.progress import Progress, track
from rich.table import Table


def check() -> None:
    formulas()
    maps()
    certificates()
    progress()
    tasks()
    connections()


def formulas() -> None:
    """sympy imports ctypes and computes with mpmath's numbers. It is large: only one of the guest's programs pays for it."""
    import sympy

    x, n = sympy.symbols("x n")
    assert sympy.integrate(sympy.sin(x) ** 2, (x, 0, sympy.pi)) == sympy.pi / 2
    assert sympy.solve(x**2 - 5 * x + 6, x) == [2, 3]
    assert sympy.factor(x**3 - 1) == (x - 1) * (x**2 + x + 1)
    assert str(sympy.pi.evalf(40)) == "3.141592653589793238462643383279502884197"
    assert sympy.summation(n, (n, 1, 100)) == 5050
    assert sympy.lambdify(x, x**2 + 1)(3) == 10


def program() -> bytes:
    """A program for Windows: headers, and one section whose code returns."""
    directories = bytes(16 * 8)
    dos = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64)
    file = b"PE\0\0" + struct.pack("<HHIIIHH", 0x14C, 1, 0, 0, 0, 0xE0, 0x102)
    sizes = struct.pack("<HBBIIIIII", 0x10B, 1, 0, 0x200, 0, 0, 0x1000, 0x1000, 0x2000)
    layout = struct.pack("<IIIHHHHHHIIIIHH", 0x400000, 0x1000, 0x200, 4, 0, 0, 0, 4, 0, 0, 0x2000, 0x200, 0, 3, 0)
    memory = struct.pack("<IIIIII", 0x100000, 0x1000, 0x100000, 0x1000, 0, 16)
    section = struct.pack("<8sIIIIIIHHI", b".text", 1, 0x1000, 0x200, 0x200, 0, 0, 0, 0, 0x60000020)
    headers = dos + file + sizes + layout + memory + directories + section
    return headers.ljust(0x200, b"\0") + b"\xc3".ljust(0x200, b"\0")


def maps() -> None:
    """pefile maps the files that it reads."""
    path = "/program.exe"
    with open(path, "wb") as file:
        file.write(program())
    with pefile.PE(path) as read:
        assert read.OPTIONAL_HEADER.AddressOfEntryPoint == 0x1000
        (section,) = read.sections
        assert section.Name.rstrip(b"\0") == b".text" and read.get_data(0x1000, 1) == b"\xc3"


def certificates() -> None:
    context = ssl.create_default_context(cafile=certifi.where())
    assert context.cert_store_stats()["x509_ca"] > 100
    assert httpx.create_ssl_context().verify_mode == ssl.CERT_REQUIRED


def progress() -> None:
    """Bars are drawn, and by a thread only where nobody says otherwise."""
    made = io.StringIO()
    console = Console(file=made, width=40, color_system=None)
    table = Table("Stadt", "Menge")
    table.add_row("Köln", "3")
    console.print(table)
    for options in {}, {"disable": True}:
        try:
            list(track(range(3), console=console, **options))
        except RuntimeError as error:
            assert str(error) == "can't start new thread", error
        else:
            raise AssertionError("a thread was started")
    # After that as well.
    assert list(track(range(3), "Zählen", console=console, auto_refresh=False)) == [0, 1, 2]
    with Progress(console=console, auto_refresh=False) as bars:
        bars.update(bars.add_task("Messen", total=3), advance=3)
    assert "Köln" in made.getvalue()
    for task in "Zählen", "Messen":
        assert any(task in line and "100%" in line for line in made.getvalue().splitlines()), made.getvalue()


def tasks() -> None:
    """anyio runs on the guest's loop."""
    assert anyio.run(many) == [0, 2, 4]


async def many() -> list[int]:
    send, receive = anyio.create_memory_object_stream[int](max_buffer_size=1)

    async def produce() -> None:
        async with send:
            for number in range(3):
                await send.send(number * 2)

    async with anyio.create_task_group() as group:
        group.start_soon(produce)
        async with receive:
            received = [number async for number in receive]
    with anyio.move_on_after(0.01) as limit:
        await anyio.sleep_forever()
    assert limit.cancelled_caught
    try:
        await anyio.to_thread.run_sync(print)
    except RuntimeError as error:
        assert str(error) == "can't start new thread", error
    else:
        raise AssertionError("a thread was started")
    return received


def connections() -> None:
    """What needs a connection says that a guest has none, by the exception of its library."""
    prepared = requests.Request("POST", "http://example.test/a b", params={"q": "ü"}, json={"n": 1}).prepare()
    assert prepared.url == "http://example.test/a%20b?q=%C3%BC" and prepared.body == b'{"n": 1}'
    for scheme in "http", "https":
        for host, reason in ("127.0.0.1:9", "Function not implemented"), ("example.test", "Names cannot be resolved in a guest"):
            for get, kind in (requests.get, requests.ConnectionError), (httpx.get, httpx.ConnectError):
                try:
                    get(f"{scheme}://{host}/")
                except kind as error:
                    assert reason in str(error), error
                else:
                    raise AssertionError("somebody answered")
