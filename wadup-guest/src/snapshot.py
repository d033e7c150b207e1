"""What a snapshot must not take along, and what it has to ask of the host that it wakes up under."""

# The interpreter has these inside: no module of the user's takes their place.
import gc
import os
import sys
from _frozen_importlib_external import PathFinder

# What modules of the standard library note once per process, by module and name: how to note it anew.
# The names are private to those modules; a test guest asserts that they are there.
NOTED_ONCE = {
    "logging": {"_startTime": lambda: sys.modules["time"].time_ns()},
    "tempfile": {"_name_sequence": lambda: None},
    "uuid": {"_node": lambda: None, "_last_timestamp": lambda: None},
}


def _seed_numpy(random):
    generator = random.get_bit_generator()
    if isinstance(generator, random.MT19937):
        # Without an argument, seed() computes with Python's integers for longer than all else here takes.
        random.seed(memoryview(os.urandom(32)).cast("I"))
    else:
        random.set_bit_generator(type(generator)())


def _note_year(parser):
    # Years of two digits are taken for those that are near to it.
    if default := getattr(parser, "DEFAULTPARSER", None):
        default.info._year = sys.modules["time"].localtime().tm_year
        default.info._century = default.info._year // 100 * 100


# Modules with something of their own that is made once per process, as a generator is seeded: how to make it anew.
MADE_ONCE = {
    "random": lambda random: random.seed(),
    "numpy.random": _seed_numpy,
    "dateutil.parser._parser": _note_year,
}


# Where the user's modules are: one of these names is another module there.
OF_USER = "/wadup/app/"


def _imported(name):
    """The library's module of that name, if it was imported."""
    module = sys.modules.get(name)
    return None if (getattr(module, "__file__", None) or "").startswith(OF_USER) else module


class Watched(dict):
    """The dict behind os.environ, which notes what is asked of it and where."""

    def __init__(self, variables):
        super().__init__(variables)
        self.reads = []

    def _note(self, name):
        self.reads.append((name, _stack()))

    def __getitem__(self, name):
        self._note(os.fsdecode(name))
        return super().__getitem__(name)

    def __contains__(self, name):
        self._note(os.fsdecode(name))
        return super().__contains__(name)

    def __iter__(self):
        self._note("all variables")
        return super().__iter__()

    def __len__(self):
        self._note("all variables")
        return super().__len__()

    def items(self):
        self._note("all variables")
        return super().items()


def _stack():
    lines = []
    # This function, _note and the method that called it are not what the reader looks for.
    frame = sys._getframe(3)
    while frame is not None:
        lines.append(f"{frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_qualname}")
        frame = frame.f_back
    return "\n".join(lines)


def watch():
    """Begins to note what is read from the environment, which is empty while a snapshot is made."""
    watched = Watched(os.environ._data)
    os.environ._data = os.environb._data = watched
    return watched


def settle(watched):
    """Ends the watch, and leaves nothing of the machine that the snapshot is made on. Returns what was read."""
    variables = dict(dict.items(watched))
    os.environ._data = os.environb._data = variables
    sys.path_importer_cache.clear()
    _invalidate_finders()
    gc.collect()
    return watched.reads


def _invalidate_finders():
    """As importlib.invalidate_caches(), but for what is imported already: that imports a good part of the library."""
    for finder in sys.meta_path:
        if finder is not PathFinder and hasattr(finder, "invalidate_caches"):
            finder.invalidate_caches()
    if metadata := _imported("importlib.metadata"):
        metadata.MetadataPathFinder.invalidate_caches()


def wake(arguments, variables):
    """Takes over what the host gives, and seeds anew what must differ from instance to instance."""
    if arguments:
        sys.argv[:] = sys.orig_argv[:] = map(os.fsdecode, arguments)
    for name, value in variables:
        # What the guest itself has set stays, as it does where the host's variables are there from the beginning.
        if name not in os.environb:
            os.environb[name] = value
    for name, noted in NOTED_ONCE.items():
        if module := _imported(name):
            for attribute, note in noted.items():
                setattr(module, attribute, note())
    for name, make in MADE_ONCE.items():
        if module := _imported(name):
            make(module)
