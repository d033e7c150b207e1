"""Every module of the library imports and answers one call, or says why it is not there."""

import importlib
import sys

OF_OTHER_SYSTEMS = "_ios_support _overlapped _scproxy _winapi _wmi msvcrt nt winreg winsound".split()

# Each with a word of its reason.
ABSENT = {
    "_curses": "terminal",
    "_curses_panel": "terminal",
    "_dbm": "ndbm",
    "_gdbm": "GDBM",
    "_tkinter": "display",
    "_uuid": "libuuid",
    "curses": "terminal",
    "idlelib": "display",
    "readline": "terminal",
    "tkinter": "display",
    "turtle": "display",
    "turtledemo": "display",
}

# A call of each module, which is `m`. What is true says that it worked.
CALLS = """
__future__: m.annotations.getMandatoryRelease
_abc: m.get_cache_token() >= 0
_aix_support: callable(m.aix_platform)
_android_support: callable(m.init_streams)
_apple_support: callable(m.init_streams)
_ast: m.Pass()
_asyncio: m.Future is not None
_bisect: m.bisect_left([1, 2], 2) == 1
_blake2: len(m.blake2b(b"").digest()) == 64
_bz2: m.BZ2Compressor()
_codecs: m.lookup("utf-8")
_codecs_cn: m.getcodec("gbk")
_codecs_hk: m.getcodec("big5hkscs")
_codecs_iso2022: m.getcodec("iso2022_jp")
_codecs_jp: m.getcodec("shift_jis")
_codecs_kr: m.getcodec("euc_kr")
_codecs_tw: m.getcodec("big5")
_collections: m.deque([1])
_collections_abc: issubclass(list, m.Sequence)
_colorize: m.can_colorize() is False
_compat_pickle: m.NAME_MAPPING
_compression: m.BUFFER_SIZE > 0
_contextvars: m.copy_context() is not None
_csv: m.field_size_limit() > 0
_ctypes: m.set_errno(m.get_errno()) == 0
_datetime: m.date(2024, 2, 29)
_decimal: m.Decimal(1)
_elementtree: m.Element("a") is not None
_frozen_importlib: m.BuiltinImporter.find_spec("sys")
_frozen_importlib_external: m.cache_from_source("a.py")
_functools: m.reduce(lambda a, b: a + b, [1, 2]) == 3
_hashlib: len(m.openssl_sha256(b"").digest()) == 32
_heapq: m.heappop([1]) == 1
_imp: m.is_builtin("sys")
_interpchannels: m.list_all() == []
_interpqueues: m.list_all() == []
_interpreters: m.get_current()
_io: m.StringIO("a").read() == "a"
_json: m.encode_basestring("a") == '"a"'
_locale: m.localeconv()["decimal_point"] == "."
_lsprof: m.Profiler()
_lzma: m.is_check_supported(1) in (True, False)
_markupbase: m.ParserBase is not None
_md5: m.md5(b"").hexdigest()[:4] == "d41d"
_multibytecodec: m.MultibyteIncrementalDecoder
_multiprocessing: _fails(m.SemLock, 0, 1, 1, "/a", True)
_opcode: m.stack_effect(9) is not None
_opcode_metadata: m.opmap
_operator: m.add(1, 2) == 3
_osx_support: m.compiler_fixup(["cc"], []) == ["cc"]
_pickle: m.loads(m.dumps(1)) == 1
_posixshmem: _fails(m.shm_open, "/a", 0)
_posixsubprocess: callable(m.fork_exec)
_py_abc: m.get_cache_token() >= 0
_pydatetime: m.date(2024, 2, 29)
_pydecimal: m.Decimal(1)
_pyio: m.StringIO("a").read() == "a"
_pylong: m.int_to_decimal_string(12) == "12"
_pyrepl: m.__path__ is not None
_queue: m.SimpleQueue().empty()
_random: m.Random(1).random() < 1
_sha1: len(m.sha1(b"").digest()) == 20
_sha2: len(m.sha256(b"").digest()) == 32
_sha3: len(m.sha3_256(b"").digest()) == 32
_signal: m.getsignal(2)
_sitebuiltins: m.Quitter("quit", "end")
_socket: m.htons(1)
_sqlite3: m.connect(":memory:").close() is None
_sre: m.ascii_tolower(65) == 97
_ssl: m.RAND_status()
_stat: m.S_ISDIR(0o40000)
_statistics: m._normal_dist_inv_cdf(0.5, 0.0, 1.0) == 0.0
_string: list(m.formatter_parser("a")) != []
_strptime: m._strptime_time("2024", "%Y").tm_year == 2024
_struct: m.calcsize("i") == 4
_suggestions: m._generate_suggestions(["abc"], "abd") == "abc"
_symtable: m.symtable("1", "a", "eval")
_sysconfig: m.config_vars() is not None
_thread: m.get_ident()
_threading_local: m.local() is not None
_tokenize: m.TokenizerIter
_tracemalloc: m.is_tracing() is False
_typing: m._idfunc(1) == 1
_warnings: m.filters is not None
_weakref: m.getweakrefcount(_Thing) >= 0
_weakrefset: len(m.WeakSet()) == 0
_zoneinfo: m.ZoneInfo
abc: m.ABC
antigravity: m.geohash is not None
argparse: m.ArgumentParser().parse_args([]) is not None
array: len(m.array("i", [1])) == 1
ast: m.literal_eval("[1]")
asyncio: m.iscoroutinefunction(print) is False
atexit: m.unregister(print) is None
base64: m.b64encode(b"a") == b"YQ=="
bdb: m.Bdb()
binascii: m.hexlify(b"a") == b"61"
bisect: m.insort([1], 2) is None
builtins: m.len("a") == 1
bz2: m.decompress(m.compress(b"a")) == b"a"
cProfile: m.Profile()
calendar: m.isleap(2024)
cmath: m.sqrt(-1) == 1j
cmd: m.Cmd()
code: m.compile_command("1")
codecs: m.encode("a", "rot13") == "n"
codeop: m.compile_command("1")
collections: m.Counter("aa")["a"] == 2
colorsys: m.rgb_to_hsv(1, 1, 1) == (0.0, 0.0, 1)
compileall: callable(m.compile_file)
concurrent: m.__path__ is not None
configparser: m.ConfigParser().sections() == []
contextlib: m.nullcontext(1).__enter__() == 1
contextvars: m.copy_context() is not None
copy: m.deepcopy([1]) == [1]
copyreg: m.constructor(_Thing) is None
csv: list(m.reader(["a,b"])) == [["a", "b"]]
ctypes: m.sizeof(m.c_long) == 4
dataclasses: m.is_dataclass(_Thing) is False
datetime: m.date(2024, 2, 29).isoformat() == "2024-02-29"
dbm: m.whichdb("/no/such/file") is None
decimal: m.Decimal("1.5") * 2 == 3
difflib: m.get_close_matches("abc", ["abd"])
dis: m.code_info("1")
doctest: m.script_from_examples(">>> 1")
email: m.message_from_string("a: b")["a"] == "b"
encodings: m.normalize_encoding("a b") == "a_b"
ensurepip: m.version()
enum: m.Enum("a", "b").b.value == 1
errno: m.errorcode[m.ENOSYS] == "ENOSYS"
faulthandler: m.is_enabled() in (True, False)
fcntl: m.fcntl(1, m.F_GETFL) is not None and _fails(m.flock, 1, m.LOCK_EX) and _fails(m.lockf, 1, m.LOCK_EX)
filecmp: m.clear_cache() is None
fileinput: m.FileInput([]) is not None
fnmatch: m.fnmatch("abc", "a*")
fractions: m.Fraction(1, 2) * 2 == 1
ftplib: _fails(m.FTP, "127.0.0.1")
functools: m.partial(int, "2")() == 2
gc: m.isenabled() in (True, False)
genericpath: m.commonprefix(["ab", "ac"]) == "a"
getopt: m.getopt(["-a"], "a")[0]
getpass: _fails(m.getuser) or True
gettext: m.gettext("a") == "a"
glob: m.escape("*") == "[*]"
graphlib: list(m.TopologicalSorter({1: [2]}).static_order()) == [2, 1]
grp: m.getgrall() == [] and _missing(m.getgrnam, "root")
gzip: m.decompress(m.compress(b"a")) == b"a"
hashlib: m.sha256(b"").hexdigest()[:4] == "e3b0"
heapq: m.nlargest(1, [1, 2]) == [2]
hmac: len(m.digest(b"a", b"b", "sha256")) == 32
html: m.escape("<") == "&lt;"
http: m.HTTPStatus(404).phrase == "Not Found"
imaplib: m.Int2AP(1)
importlib: m.import_module("sys")
inspect: m.isfunction(_fails)
io: m.BytesIO(b"a").read() == b"a"
ipaddress: m.ip_address("127.0.0.1").is_loopback
itertools: list(m.chain([1], [2])) == [1, 2]
json: m.loads("[1]") == [1]
keyword: m.iskeyword("if")
linecache: m.getline("/no/such/file", 1) == ""
locale: m.getlocale() is not None
logging: m.getLogger("a").name == "a"
lzma: m.decompress(m.compress(b"a")) == b"a"
mailbox: m.Message() is not None
marshal: m.loads(m.dumps(1)) == 1
math: m.gcd(4, 6) == 2
mimetypes: m.guess_type("a.txt")[0] == "text/plain"
mmap: len(m.mmap(-1, 10)) == 10
modulefinder: m.ModuleFinder()
multiprocessing: m.cpu_count() == 1 and _fails(m.Lock) and _fails(m.Process(target=print).start)
netrc: _fails(m.netrc, "/no/such/file")
ntpath: m.join("a", "b") == "a\\\\b"
nturl2path: m.url2pathname("a") == "a"
numbers: isinstance(1, m.Number)
opcode: m.opname
operator: m.itemgetter(0)([1]) == 1
optparse: m.OptionParser()
os: m.getppid() == 0 and m.getpid() and m.umask(0) == 0 and m.sched_getaffinity(0) == {0} and m.getgroups() == []
pathlib: m.Path("a") / "b" == m.Path("a/b")
pdb: m.Pdb
pickle: m.loads(m.dumps([1])) == [1]
pickletools: m.optimize(b"N.") == b"N."
pkgutil: m.resolve_name("sys")
platform: m.system()
plistlib: m.loads(m.dumps({"a": 1})) == {"a": 1}
poplib: _fails(m.POP3, "127.0.0.1")
posix: _fails(m.fork) and _fails(m.pipe) and _fails(m.dup, 1) and _fails(m.kill, 4711, 9) and _fails(m.statvfs, "/")
posixpath: m.join("a", "b") == "a/b"
pprint: m.pformat([1]) == "[1]"
profile: m.Profile
pstats: m.SortKey.TIME
pty: _fails(m.openpty) and _fails(m.fork)
pwd: m.getpwall() == [] and _missing(m.getpwuid, 0)
py_compile: m.PycInvalidationMode.TIMESTAMP
pyclbr: m.readmodule("keyword") is not None
pydoc: m.plain("a") == "a"
pydoc_data: m.__path__ is not None
pyexpat: m.ParserCreate()
queue: m.Queue().empty()
quopri: m.encodestring(b"a") == b"a"
random: m.Random(1).random() < 1
re: m.match("a", "a")
reprlib: m.repr("a") == "'a'"
resource: m.getrusage(m.RUSAGE_SELF).ru_maxrss > 0 and _fails(m.getrlimit, m.RLIMIT_NOFILE)
rlcompleter: m.Completer
runpy: callable(m.run_module)
sched: m.scheduler().empty()
secrets: len(m.token_bytes(4)) == 4
select: m.poll()
selectors: m.DefaultSelector().close() is None
shelve: m.Shelf({}) is not None
shlex: m.split("a 'b c'") == ["a", "b c"]
shutil: m.get_terminal_size().columns > 0
signal: m.strsignal(2) and _fails(m.alarm, 1) and _fails(m.pause) and _fails(m.setitimer, m.ITIMER_REAL, 1)
site: m.getuserbase() or True
smtplib: _fails(m.SMTP, "127.0.0.1")
socket: _fails(m.socket) and _fails(m.socketpair) and m.getaddrinfo("::1", 80) and _fails(m.gethostbyname, "a.test")
socketserver: _fails(m.TCPServer, ("127.0.0.1", 0), None)
sqlite3: m.complete_statement("select 1;")
sre_compile: m.compile("a")
sre_constants: m.MAGIC
sre_parse: m.parse("a")
ssl: m.create_default_context().check_hostname
stat: m.filemode(0o40755) == "drwxr-xr-x"
statistics: m.mean([1, 3]) == 2
string: m.capwords("a b") == "A B"
stringprep: m.in_table_a1("\\u0221")
struct: m.pack("<H", 1) == b"\\1\\0"
subprocess: _fails(m.run, ["a"]) and _fails(m.getoutput, "a")
symtable: m.symtable("1", "a", "eval")
sys: m.getsizeof(1)
sysconfig: m.get_platform()
syslog: _fails(m.syslog, "a") and _fails(m.openlog) and m.LOG_UPTO(3) == 15
tabnanny: m.format_witnesses([(1,)]) or True
tarfile: m.is_tarfile(__import__("io").BytesIO(b"")) is False
tempfile: m.gettempprefix()
termios: _terminal_fails(m.tcgetattr, 0) and _terminal_fails(m.tcdrain, 0)
textwrap: m.dedent(" a") == "a"
this: m.s
threading: m.current_thread() is m.main_thread()
time: m.gmtime(0).tm_year == 1970
timeit: m.timeit("1", number=1) >= 0
token: m.ISEOF(0)
tokenize: m.open
tomllib: m.loads("a = 1") == {"a": 1}
trace: m.Trace
traceback: m.format_exception_only(ValueError("a")) == ["ValueError: a\\n"]
tracemalloc: m.is_tracing() is False
tty: _terminal_fails(m.setraw, 0)
types: m.SimpleNamespace(a=1).a == 1
typing: m.get_args(list[int]) == (int,)
unicodedata: m.name("a")
unittest: m.TestCase()
urllib: m.__path__ is not None
uuid: m.uuid4()
venv: _invalid(m.create, "/environment")
warnings: m.filters is not None
wave: callable(m.open)
weakref: m.ref(_Thing)() is _Thing
webbrowser: m.open("http://example.test") is False
wsgiref: m.__path__ is not None
xml: m.__path__ is not None
xmlrpc: m.__path__ is not None
zipapp: _invalid(m.create_archive, "/no/such/folder")
zipfile: m.is_zipfile("/no/such/file") is False
zipimport: _invalid(m.zipimporter, "/no/such/file")
zlib: m.decompress(m.compress(b"a")) == b"a"
zoneinfo: m.ZoneInfo("Europe/Paris")
"""


class _Thing:
    """Something to refer to."""

    def __reduce__(self) -> str:
        return "_Thing"


def _fails(call, *arguments) -> bool:
    """Whether a call raises OSError with a number and a sentence."""
    try:
        call(*arguments)
    except OSError as error:
        assert str(error), call
        return True
    raise AssertionError(f"{call} worked")


def _terminal_fails(call, *arguments) -> bool:
    try:
        call(*arguments)
    except importlib.import_module("termios").error as error:
        return bool(error.args[1])
    raise AssertionError(f"{call} worked")


def _missing(call, *arguments) -> bool:
    try:
        call(*arguments)
    except KeyError:
        return True
    raise AssertionError(f"{call} worked")


def _invalid(call, *arguments) -> bool:
    try:
        call(*arguments)
    except (ValueError, ImportError):
        return True
    raise AssertionError(f"{call} worked")


def check() -> None:
    calls = dict(line.split(": ", 1) for line in CALLS.strip().splitlines())
    listed = [*calls, *ABSENT, *OF_OTHER_SYSTEMS]
    assert sorted(listed) == sorted(sys.stdlib_module_names), set(listed) ^ sys.stdlib_module_names
    for name, call in calls.items():
        module = importlib.import_module(name)
        try:
            assert eval(call, globals() | {"m": module}), (name, call)
        except Exception as error:
            raise AssertionError(f"{name}: {call}: {error!r}") from error
    for name, word in ABSENT.items():
        try:
            importlib.import_module(name)
        except ImportError as error:
            assert word in str(error) and error.name == name, error
        else:
            raise AssertionError(f"{name} was imported")
