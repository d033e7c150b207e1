"""The compiler, archiver and linker of a package's build. The first argument is the name of the program.

Build systems know extension modules as shared libraries. What they link as one becomes a relocatable object under the same
name: the guest is linked from it. The text is run after a line that sets MACHINE to what is true of this machine.
"""

import os
import sys

# The guest has the functions of these libraries elsewhere, or does not need them.
PROVIDED = {
    "atomic", "c", "c++", "c++abi", "dl", "gcc", "gcc_s", "m", "pthread", "rt", "stdc++", "supc++", "util",
}  # fmt: skip
EMULATED = ["signal", "getpid", "process-clocks", "mman"]
CXX_SUFFIXES = (".cc", ".cpp", ".cxx", ".c++", ".C")
SOURCES = CXX_SUFFIXES + (".c", ".s", ".S", ".i", ".ii")
# Statically linked code needs no position independence; guests have one thread and one processor; warnings are not errors.
DROPPED = {
    "-Werror", "-fPIC", "-fPIE", "-fno-semantic-interposition", "-fpic", "-fpie", "-fstack-clash-protection", "-pie", "-pthread",
    "-static-libgcc", "-static-libstdc++",
}  # fmt: skip
DROPPED_BEGINNINGS = (
    "-D_FORTIFY_SOURCE", "-I/usr/include", "-I/usr/local/include", "-L/lib", "-L/usr", "-Werror=", "-Wp,-D_FORTIFY_SOURCE",
    "-fcf-protection", "-flto", "-fopenmp", "-fstack-protector", "-isystem/usr/include", "-march=", "-mcpu=", "-mno-", "-mtune=",
)  # fmt: skip
KEPT_MACHINE_FLAGS = ("-mbulk", "-mllvm", "-mrelaxed", "-msimd128")
# wasm-ld supports few of the arguments for linkers.
DROPPED_OF_LINKER = (
    "-Wl,--as-needed", "-Wl,--end-group", "-Wl,--exclude-libs", "-Wl,--no-undefined", "-Wl,--start-group", "-Wl,--version-script",
    "-Wl,-B", "-Wl,-O", "-Wl,-rpath", "-Wl,-soname", "-Wl,-z",
)  # fmt: skip
# Options of rustc for a linker whose value is the next argument.
RUST_PAIRS = {"-m", "-z", "-u", "-flavor", "--entry", "--undefined"}


def main(name, arguments):
    arguments = expanded(arguments)
    if name in ("ar", "llvm-ar"):
        replace_by([MACHINE["ar"], *arguments])
    elif name in ("ranlib", "llvm-ranlib"):
        replace_by([MACHINE["ranlib"], *arguments])
    elif name == "strip":
        # The guest's link removes debug information later; until then names are needed.
        return 0
    elif name == "wasm-ld":
        link_rust(arguments)
    elif name == "gfortran":
        find("fortran")
        sys.stderr.write("wadup: there is no Fortran compiler for guests\n")
        return 1
    else:
        compile(name == "c++", arguments)


def find(what):
    """Records what was not found, for the error of a failed build."""
    with open(MACHINE["findings"], "a") as file:
        file.write(what + "\n")


def replace_by(command):
    os.execv(command[0], command)


def expanded(arguments):
    """The arguments, with each `@file` replaced by the content of the response file."""
    result = []
    for argument in arguments:
        if argument.startswith("@") and os.path.isfile(argument[1:]):
            import shlex

            with open(argument[1:]) as file:
                result += expanded(shlex.split(file.read()))
        else:
            result.append(argument)
    return result


def is_kept(argument):
    if argument in DROPPED or argument.startswith(DROPPED_BEGINNINGS):
        return False
    return not argument.startswith("-m") or argument.startswith(KEPT_MACHINE_FLAGS)


def is_input(argument):
    return argument.endswith((".o", ".a", ".obj", ".lo", ".so")) and not argument.startswith("-")


def value_of(arguments, option):
    """The value of an option, in the same argument or the next."""
    for index, argument in enumerate(arguments):
        if argument == option and index + 1 < len(arguments):
            return arguments[index + 1]
        if argument.startswith(option) and argument != option:
            return argument[len(option) :]
    return None


def compile(is_cxx, arguments):
    arguments = [argument for argument in arguments if is_kept(argument)]
    out = value_of(arguments, "-o")
    sources = [a for a in arguments if a.endswith(SOURCES) and not a.startswith("-") and a != out]
    is_cxx = is_cxx or any(source.endswith(CXX_SUFFIXES) for source in sources)
    compiles_only = any(option in arguments for option in ("-c", "-S", "-E", "-M", "-MM"))
    links = not compiles_only and (sources or any(is_input(a) for a in arguments))
    if links and out and ("-shared" in arguments or "-bundle" in arguments or out.endswith(".so")):
        link_module(is_cxx, arguments, sources, out)
    elif links:
        kept = [a for a in arguments if not a.startswith(DROPPED_OF_LINKER)]
        kept = [a for a in kept if not (a.startswith("-l") and a[2:] in PROVIDED and a not in ("-lm", "-lc"))]
        libraries = [f"-L{folder}" for folder in MACHINE["libraries"] + MACHINE["cxx_libraries"]]
        emulated = [f"-lwasi-emulated-{name}" for name in EMULATED]
        replace_by(command(is_cxx) + kept + libraries + emulated + after_all())
    else:
        replace_by(command(is_cxx) + arguments + after_all())


def command(is_cxx):
    return [MACHINE["clang"], *MACHINE["cxx" if is_cxx else "c"]]


def after_all():
    # Copies of these libraries that a package bundles come first.
    return [f"-idirafter{folder}" for folder in MACHINE["includes"]]


def link_module(is_cxx, arguments, sources, out):
    """Links a shared library as one relocatable object instead."""
    objects = []
    for number, source in enumerate(sources):
        compiled = f"{out}.{number}.o"
        flags = [
            argument
            for argument in arguments
            if argument not in (*sources, "-shared", "-bundle", "-o", out, "-o" + out)
            and not is_input(argument)
            and not argument.startswith(("-l", "-L", "-Wl,"))
        ]
        status = os.spawnv(
            os.P_WAIT,
            MACHINE["clang"],
            command(is_cxx) + flags + ["-c", source, "-o", compiled] + after_all(),
        )
        if status:
            sys.exit(status if status > 0 else 1)
        objects.append(compiled)
    inputs = list(objects)
    folders = folders_of(arguments)
    skipped = False
    for argument in arguments:
        if skipped:
            skipped = False
        elif argument in ("-o", "-L"):
            skipped = True
        elif is_input(argument):
            inputs.append(argument)
        elif argument in ("-Wl,--whole-archive", "-Wl,--no-whole-archive"):
            inputs.append(argument[len("-Wl,") :])
        elif argument.startswith("-l") and len(argument) > 2:
            inputs += library(argument[2:], folders)
    replace_by([MACHINE["wasm_ld"], "-r", "-o", out, *inputs])


def folders_of(arguments):
    folders = []
    for argument, following in zip(arguments, [*arguments[1:], ""]):
        if argument == "-L":
            folders.append(following)
        elif argument.startswith("-L"):
            folders.append(argument[2:])
    return folders + MACHINE["libraries"]


def library(name, folders):
    """The archive of a library and those that it needs, if they must be linked here."""
    for folder in folders:
        archive = os.path.join(folder, f"lib{name}.a")
        if os.path.isfile(archive):
            needed = MACHINE["needed"].get(name, []) if folder in MACHINE["libraries"] else []
            return [archive, *(file for other in needed for file in library(other, folders))]
    if name in PROVIDED or name.startswith("python"):
        return []
    find("library " + name)
    sys.stderr.write(f"wadup: the library `{name}` is not available for guests\n")
    sys.exit(1)


def link_rust(arguments):
    """Links what rustc links as a module with exports as one relocatable object."""
    joined = []
    for argument in arguments:
        if joined and joined[-1] in ("-l", "-L"):
            joined[-1] += argument
        else:
            joined.append(argument)
    # Without Rust's copy of wasi-libc: the guest has one.
    folders = [folder for folder in folders_of(joined) if "self-contained" not in folder]
    inputs, exports, out = [], [], None
    following = iter(joined)
    for argument in following:
        if argument == "-o":
            out = next(following)
        elif argument == "--export":
            exports.append(next(following))
        elif argument.startswith("--export="):
            exports.append(argument[len("--export=") :])
        elif argument in RUST_PAIRS:
            next(following)
        elif argument in ("--whole-archive", "--no-whole-archive"):
            inputs.append(argument)
        elif argument.startswith("-l") and argument != "-lc":
            inputs += library(argument[2:], folders)
        elif argument.startswith("-") or "self-contained" in argument:
            pass
        elif argument.endswith((".o", ".rlib", ".a", ".lib")):
            inputs.append(argument)
    modules = [f"--export={name}" for name in exports if name.startswith("PyInit_")]
    stripped = ["--strip-all", "--keep-section=target_features"]
    replace_by([MACHINE["wasm_ld"], "-r", *stripped, *modules, *inputs, "-o", out])


sys.exit(main(sys.argv[1], sys.argv[2:]))
