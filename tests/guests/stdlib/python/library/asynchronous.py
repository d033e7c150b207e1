"""asyncio: loops that are made before and during the import, and in each call."""

import asyncio
import concurrent.futures
import contextvars
import signal
import subprocess
import time

NAME = contextvars.ContextVar("NAME")


class Intended(Exception):
    pass


async def double(number: int) -> int:
    await asyncio.sleep(0)
    return number * 2


async def fail() -> None:
    await asyncio.sleep(0)
    raise Intended("on purpose")


# In a snapshot, all of this is part of the memory with which every instance starts.
FROM_IMPORT = asyncio.run(double(10))
asyncio.run(asyncio.sleep(0.01))
RUNNER = asyncio.Runner()
LOOP = RUNNER.get_loop()
# These wait until the first call.
QUEUE = asyncio.Queue()
WAITING = LOOP.create_task(QUEUE.get())
LATE = LOOP.create_future()
LOOP.call_later(0.01, LATE.set_result, "from the import")
assert RUNNER.run(double(1)) == 2


def raises(kind: type[BaseException], function, *arguments) -> BaseException:
    try:
        function(*arguments)
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


def run(function, *arguments):
    async def call():
        return await function(*arguments)

    return asyncio.run(call())


def check() -> None:
    assert FROM_IMPORT == 20
    runners()
    assert asyncio.run(structured()) == "all"
    exceptions()
    waiting()
    absent()
    anew()


def runners() -> None:
    """A runner of the import's goes on in each call, beside new ones."""
    assert asyncio.run(double(21)) == 42
    assert RUNNER.run(late()) == "from the import"
    QUEUE.put_nowait("of a call")
    assert RUNNER.run(until(WAITING)) == "of a call"
    with asyncio.Runner(debug=True) as runner:
        assert [runner.run(double(number)) for number in range(3)] == [0, 2, 4]

    # Frameworks of tests keep a loop and run it step by step.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        assert loop.run_until_complete(double(3)) == 6
        loop.call_soon(loop.stop)
        loop.run_forever()
        assert loop.run_until_complete(double(4)) == 8
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    raises(RuntimeError, loop.run_forever)


async def late() -> str:
    return await LATE


async def until(task: asyncio.Task) -> str:
    return await task


async def structured() -> str:
    assert await asyncio.gather(*map(double, range(5))) == [0, 2, 4, 6, 8]
    results = await asyncio.gather(double(1), fail(), return_exceptions=True)
    assert results[0] == 2 and isinstance(results[1], Intended)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(double(number)) for number in (10, 20)]
    assert [task.result() for task in tasks] == [20, 40]
    try:
        async with asyncio.TaskGroup() as group:
            sleeper = group.create_task(asyncio.sleep(3600))
            group.create_task(fail())
    except* Intended as failed:
        assert len(failed.exceptions) == 1 and sleeper.cancelled()
    done, pending = await asyncio.wait([asyncio.create_task(double(1)), sleeper])
    assert len(done) == 2 and not pending
    assert sorted([await task for task in asyncio.as_completed(map(double, range(3)))]) == [0, 2, 4]

    queue = asyncio.Queue(maxsize=1)
    lock, event, seen = asyncio.Lock(), asyncio.Event(), []

    async def consume() -> None:
        await event.wait()
        while (number := await queue.get()) is not None:
            async with lock:
                seen.append(number)

    consumer = asyncio.create_task(consume())
    event.set()
    for number in (1, 2, None):
        await queue.put(number)
    await consumer
    assert seen == [1, 2]
    async with asyncio.Semaphore(2), asyncio.timeout(3600) as limit:
        assert not limit.expired()

    async def numbers():
        try:
            for number in range(3):
                yield number
                await asyncio.sleep(0)
        finally:
            seen.append("closed")

    assert [number async for number in numbers()] == [0, 1, 2]
    async for _ in numbers():
        break

    NAME.set("outer")
    inner = await asyncio.create_task(named("inner"))
    assert (inner, NAME.get()) == ("inner", "outer")
    reader = asyncio.StreamReader()
    reader.feed_data(b"a line\n")
    reader.feed_eof()
    assert await reader.readline() == b"a line\n"
    return "all"


async def named(name: str) -> str:
    NAME.set(name)
    await asyncio.sleep(0)
    return NAME.get()


def exceptions() -> None:
    for _ in range(2):
        assert raises(Intended, asyncio.run, fail()).args == ("on purpose",)
    assert asyncio.run(double(4)) == 8

    async def cancelled() -> None:
        task = asyncio.create_task(asyncio.sleep(3600))
        await asyncio.sleep(0)
        task.cancel("no longer")
        await task

    assert raises(asyncio.CancelledError, asyncio.run, cancelled()).args == ("no longer",)

    async def interrupted() -> None:
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(3600)

    raises(KeyboardInterrupt, asyncio.run, interrupted())
    raises(RuntimeError, asyncio.get_running_loop)

    async def nested() -> None:
        coroutine = double(1)
        try:
            raises(RuntimeError, asyncio.run, coroutine)
        finally:
            coroutine.close()

    asyncio.run(nested())


def waiting() -> None:
    start = time.monotonic()

    async def timed() -> None:
        loop = asyncio.get_running_loop()
        order = []
        done = loop.create_future()
        loop.call_later(0.02, done.set_result, "later")
        loop.call_later(0.01, order.append, "sooner")
        never = loop.call_at(loop.time() + 3600, order.append, "never")
        never.cancel()
        assert await done == "later" and order == ["sooner"]
        for attempt in (asyncio.wait_for(asyncio.sleep(3600), 0.01), limited()):
            try:
                await attempt
            except TimeoutError:
                continue
            raise AssertionError("the timeout did not come")

    async def limited() -> None:
        async with asyncio.timeout(0.01):
            await asyncio.Event().wait()

    asyncio.run(timed())
    time.sleep(0.001)
    # A host may return from a wait at once: then the loop asks again until the time has come.
    assert time.monotonic() - start >= 0.04

    # Nothing can set this event, so nothing would end the wait.
    cleaned = []

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.001)
            cleaned.append(True)

    error = raises(RuntimeError, asyncio.run, forever())
    assert "would wait forever" in str(error) and cleaned == [True]
    raises(RuntimeError, asyncio.run, asyncio.sleep(float("inf")))
    loop = asyncio.new_event_loop()
    raises(RuntimeError, loop.run_forever)
    loop.close()


def absent() -> None:
    """What needs threads, processes, signals or sockets says so, and the loop goes on."""

    async def threads() -> int:
        loop = asyncio.get_running_loop()
        for attempt in (asyncio.to_thread(print), asyncio.to_thread(print)):
            try:
                await attempt
            except RuntimeError as error:
                assert str(error) == "can't start new thread"
            else:
                raise AssertionError("a thread was started")
        raises(RuntimeError, loop.run_in_executor, None, print)
        return await double(2)

    assert asyncio.run(threads()) == 4

    with concurrent.futures.ThreadPoolExecutor() as pool:
        raises(RuntimeError, pool.submit, print)

    error = raises(OSError, run, asyncio.create_subprocess_exec, "true")
    assert error.errno == raises(OSError, subprocess.run, ["true"]).errno
    raises(OSError, run, asyncio.create_subprocess_shell, "true")
    raises(OSError, run, asyncio.open_connection, "127.0.0.1", 9)
    raises(OSError, run, asyncio.start_server, print, "127.0.0.1", 9)

    async def signals() -> None:
        loop = asyncio.get_running_loop()
        raises(NotImplementedError, loop.add_signal_handler, signal.SIGTERM, print)
        raises(NotImplementedError, asyncio.get_child_watcher)

    asyncio.run(signals())


def anew() -> None:
    """Leaves for the next call what the import left for the first."""
    global WAITING, LATE
    WAITING = LOOP.create_task(QUEUE.get())
    LATE = LOOP.create_future()
    LOOP.call_later(0.001, LATE.set_result, "from the import")
