"""Leaves out of a snapshot what belongs to one machine, and asks the host of each instance for it."""

# These are inside the interpreter, so a user's module cannot take their place.
import gc
import os
import sys
from _frozen_importlib_external import PathFinder

# What modules of the standard library record once per process, by module and attribute, with a function for the new value.
# The attributes are private to those modules; a test guest asserts that they exist.
RECORDED_ONCE = {
    "logging": {"_startTime": lambda: sys.modules["time"].time_ns()},
    "tempfile": {"_name_sequence": lambda: None},
    "uuid": {"_node": lambda: None, "_last_timestamp": lambda: None},
}


def _seed_numpy(random):
    generator = random.get_bit_generator()
    if isinstance(generator, random.MT19937):
        # Without an argument, seed() computes with Python's integers, which takes longer than everything else here.
        random.seed(memoryview(os.urandom(32)).cast("I"))
    else:
        random.set_bit_generator(type(generator)())


def _record_year(parser):
    # A year of two digits is read as the one nearest to this year.
    if default := getattr(parser, "DEFAULTPARSER", None):
        default.info._year = sys.modules["time"].localtime().tm_year
        default.info._century = default.info._year // 100 * 100


# Modules with state that is set up once per process, such as a seeded generator, and a function that sets it up again.
SET_UP_ONCE = {
    "random": lambda random: random.seed(),
    # OpenSSL takes new entropy from the host with it. Its own generator is the parent of all others.
    "_ssl": lambda ssl: ssl.RAND_add(os.urandom(32), 0.0),
    "numpy.random": _seed_numpy,
    "dateutil.parser._parser": _record_year,
}

# Modules that set up something large when they are first used, and a function that uses them: an instance of the snapshot finds it there.
SET_UP_LATE = {
    # The cache of JSON's keys has 256 KiB, and is made on the stack.
    "pydantic_core": lambda core: core.from_json(b'{"key": 0}'),
}


def _imported(name):
    """The library's module of that name, if it was imported. A user's module may have the same name; Rust sets OF_USER."""
    module = sys.modules.get(name)
    return None if (getattr(module, "__file__", None) or "").startswith(OF_USER) else module


class Watched(dict):
    """The dict behind os.environ, which records what is read and where."""

    def __init__(self, variables):
        super().__init__(variables)
        self.reads = []

    def _record(self, name):
        self.reads.append((name, _stack()))

    def __getitem__(self, name):
        self._record(os.fsdecode(name))
        return super().__getitem__(name)

    def __contains__(self, name):
        self._record(os.fsdecode(name))
        return super().__contains__(name)

    def __iter__(self):
        self._record("all variables")
        return super().__iter__()

    def __len__(self):
        self._record("all variables")
        return super().__len__()

    def items(self):
        self._record("all variables")
        return super().items()


def _stack():
    lines = []
    # Without this function, _record and the method that called it.
    frame = sys._getframe(3)
    while frame is not None:
        lines.append(f"{frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_qualname}")
        frame = frame.f_back
    return "\n".join(lines)


def watch():
    """Begins to record what is read from the environment, which is empty while a snapshot is taken."""
    watched = Watched(os.environ._data)
    os.environ._data = os.environb._data = watched
    return watched


def settle(watched):
    """Stops recording, and drops what belongs to the machine that takes the snapshot. Returns what was read."""
    variables = dict(dict.items(watched))
    os.environ._data = os.environb._data = variables
    for name, use in SET_UP_LATE.items():
        if module := _imported(name):
            use(module)
    sys.path_importer_cache.clear()
    _invalidate_finders()
    gc.collect()
    return watched.reads


def _invalidate_finders():
    """Does what importlib.invalidate_caches() does, without its imports, which are a good part of the library."""
    for finder in sys.meta_path:
        if finder is not PathFinder and hasattr(finder, "invalidate_caches"):
            finder.invalidate_caches()
    if metadata := _imported("importlib.metadata"):
        metadata.MetadataPathFinder.invalidate_caches()


def wake(arguments, variables):
    """Takes over what the host gives, and seeds again what must differ from instance to instance."""
    if arguments:
        sys.argv[:] = sys.orig_argv[:] = [os.fsdecode(argument) for argument in arguments]
    for name, value in variables:
        # What the guest itself has set stays, as in a guest without a snapshot.
        if name in os.environb:
            continue
        if name:
            os.environb[name] = value
        else:
            # As a start of Python takes it over (posixmodule.c, convertenviron); libc refuses to set it. Windows has such variables.
            os.environ._data[name] = value
    for name, recorded in RECORDED_ONCE.items():
        if module := _imported(name):
            for attribute, value in recorded.items():
                setattr(module, attribute, value())
    for name, set_up in SET_UP_ONCE.items():
        if module := _imported(name):
            set_up(module)
