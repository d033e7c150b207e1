"""Tells what a module imports, as far as that can be seen without running it.

An import that cannot happen in the guest is left out: behind TYPE_CHECKING, for another system or an older
Python, or in what only `python -m` runs.
"""

import ast
import encodings.aliases
import operator
import sys

COMPARISONS = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
FACTS = {
    "TYPE_CHECKING": False,
    "typing.TYPE_CHECKING": False,
    "sys.platform": "wasi",
    "os.name": "posix",
    "sys.version_info": tuple(sys.version_info),
}
# Functions and methods that take the name of an encoding first or second.
TAKE_ENCODINGS = ("encode", "decode", "lookup", "bytes", "bytearray", "str")
# What hashlib has only with OpenSSL: functions, and algorithms that `new` takes by name.
OF_OPENSSL = ("pbkdf2_hmac", "scrypt")
DIGESTS_OF_OPENSSL = {"md4", "md5-sha1", "ripemd160", "rmd160", "sha512-224", "sha512-256", "sm3", "whirlpool"}
# Exceptions whose handlers catch that Python refuses the source of what is imported.
CATCH_REFUSALS = {"SyntaxError", "Exception", "BaseException"}
# What a module of the standard library runs as a script, by custom.
SCRIPTS = ("main", "_main", "test", "_test")


def imports(tree, module, is_package, of_library):
    """A list of {"name", "needed", "unguarded", "instead_of"}.

    `needed` are imports without which the module itself cannot be imported; `unguarded` those that no condition and
    no handler of SyntaxError stands before; `instead_of` names what the import stands in for: it happens only when one
    of these cannot be imported.
    """
    package = module if is_package else module.rpartition(".")[0]
    found = []
    collect(tree.body, Context(package, of_library), found)
    # Most modules import one thing many times.
    return [entry for place, entry in enumerate(found) if entry not in found[:place]]


class Context:
    def __init__(self, package, of_library, needed=True, unguarded=True, instead_of=()):
        self.package = package
        self.of_library = of_library
        self.needed = needed
        self.unguarded = unguarded
        self.instead_of = instead_of

    def inside(self, instead_of=None, guarded=False):
        """The context of code that may not run."""
        alternatives = self.instead_of if instead_of is None else instead_of
        return Context(
            self.package,
            self.of_library,
            needed=False,
            unguarded=self.unguarded and not guarded,
            instead_of=alternatives,
        )

    def entry(self, name, needed=False):
        return {
            "name": name,
            "needed": needed and self.needed,
            "unguarded": self.unguarded,
            "instead_of": list(self.instead_of),
        }


def collect(nodes, context, found):
    for node in nodes:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found.extend(entries(node, context))
        elif isinstance(node, ast.If):
            truth = known(node.test)
            if truth is None:
                collect([node.test, *node.body, *node.orelse], context.inside(guarded=True), found)
            else:
                collect(node.body if truth else node.orelse, context, found)
        elif isinstance(node, ast.Try):
            collect_try(node, context, found)
        elif isinstance(node, ast.With):
            guarded = any(CATCH_REFUSALS & names_in(item.context_expr) for item in node.items)
            collect(ast.iter_child_nodes(node), context.inside(guarded=guarded), found)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if not (context.of_library and node.name in SCRIPTS):
                collect(ast.iter_child_nodes(node), context.inside(), found)
        else:
            if isinstance(node, ast.Call):
                found.extend(called(node, context))
            elif isinstance(node, ast.Attribute) and node.attr in OF_OPENSSL:
                found.append(context.entry("_hashlib"))
            collect(ast.iter_child_nodes(node), context.inside(), found)


def collect_try(node, context, found):
    # The body's own imports decide whether a handler of ImportError runs.
    tried = [name for statement in node.body for name in tried_by(statement, context)]
    guarded = any(handler.type is None or CATCH_REFUSALS & names_in(handler.type) for handler in node.handlers)
    collect(node.body, context.inside(guarded=guarded), found)
    collect([*node.orelse, *node.finalbody], context.inside(), found)
    for handler in node.handlers:
        catches = tried and handler.type is not None and "ImportError" in names_in(handler.type)
        collect(handler.body, context.inside(tried if catches else None, guarded=True), found)


def tried_by(statement, context):
    """What must be there for an import to succeed; a name in a Python module is taken for a missing one."""
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    if not isinstance(statement, ast.ImportFrom):
        return []
    module = source_of(statement, context)
    if module.startswith("_") or statement.names[0].name == "*":
        return [module]
    return [f"{module}.{alias.name}" for alias in statement.names]


def source_of(node, context):
    """The module of a `from ... import`, with its package."""
    if not node.level:
        return node.module
    parts = context.package.split(".")
    parts = parts[: len(parts) - node.level + 1]
    return ".".join([*parts, node.module] if node.module else parts)


def names_in(node):
    names = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
    return {"ImportError" if name == "ModuleNotFoundError" else name for name in names}


def entries(node, context):
    if isinstance(node, ast.Import):
        return [context.entry(alias.name, needed=True) for alias in node.names]
    module = source_of(node, context)
    # Each name may be a module or something in one.
    names = [alias.name for alias in node.names]
    attributes = [context.entry(f"{module}.{name}") for name in names if name != "*"]
    if module == "hashlib" and not set(OF_OPENSSL).isdisjoint(names):
        attributes.append(context.entry("_hashlib"))
    return [context.entry(module, needed=True), *attributes]


def called(node, context):
    """What a call imports: `import_module("name")`, `__import__("name")`, and whatever names an encoding or a digest."""
    function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    first = text(node.args[0]) if node.args else None
    if function in ("import_module", "__import__"):
        return [context.entry(first)] if first and not first.startswith(".") else []
    names = [text(keyword.value) for keyword in node.keywords if keyword.arg == "encoding"]
    if function in TAKE_ENCODINGS:
        names.extend(text(argument) for argument in node.args[:2])
    found = [context.entry(module) for module in map(module_of_encoding, names) if module]
    values = [text(value) for value in (*node.args, *(keyword.value for keyword in node.keywords))]
    if any(value and value.lower().replace("_", "-") in DIGESTS_OF_OPENSSL for value in values):
        found.append(context.entry("_hashlib"))
    return found


def text(node):
    """The text that a literal is, if it is one."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def module_of_encoding(name):
    """The module of the standard library that an encoding would be in; its search takes the same way."""
    if not name or not name.isascii():
        return None
    normalized = encodings.normalize_encoding(name).lower()
    module = encodings.aliases.aliases.get(normalized, normalized)
    return f"encodings.{module}" if module.isidentifier() else None


def known(test):
    """What a condition is in every guest: True, False, or None where that is not known."""
    match test:
        case ast.BoolOp(op=ast.And(), values=values):
            truths = [known(value) for value in values]
            return False if False in truths else True if all(truths) else None
        case ast.BoolOp(op=ast.Or(), values=values):
            truths = [known(value) for value in values]
            return True if True in truths else None if None in truths else False
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            truth = known(operand)
            return None if truth is None else not truth
        case ast.Compare(left=ast.Name(id="__name__"), comparators=[ast.Constant(value="__main__")]):
            return isinstance(test.ops[0], ast.NotEq)
        case ast.Compare(left=left, ops=[comparison], comparators=[ast.expr() as right]):
            return compared(left, comparison, right)
        case ast.Call(func=ast.Attribute(value=value, attr="startswith"), args=[ast.Constant(value=str(prefix))]):
            fact = FACTS.get(ast.unparse(value))
            return fact.startswith(prefix) if isinstance(fact, str) else None
        case ast.Name() | ast.Attribute():
            fact = FACTS.get(ast.unparse(test))
            return fact if isinstance(fact, bool) else None
    return None


def compared(left, comparison, right):
    fact = FACTS.get(ast.unparse(left))
    try:
        value = ast.literal_eval(right)
    except ValueError:
        return None
    if isinstance(comparison, ast.In) and isinstance(fact, str) and isinstance(value, (tuple, list, set)):
        return fact in value
    compare = COMPARISONS.get(type(comparison))
    if compare is None or fact is None or type(fact) is not type(value):
        return None
    return compare(fact, value)
