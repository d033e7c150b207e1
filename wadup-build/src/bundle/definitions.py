"""Tells what the names at the top level of a module stand for, as far as its source says: functions with their signatures, classes,
names of types, and imports.

Nothing is looked up here: a type keeps the names that the source gives it.
"""

import ast
import builtins

# Decorators that leave the signature of a function as it is, by the last part of their name.
TRANSPARENT = {"cache", "lru_cache", "override", "final", "no_type_check", "deprecated"}
# `type X = ...`, if this Python knows it.
TYPE_ALIASES = getattr(ast, "TypeAlias", ())
# With these methods, values of a class may stand for numbers, sequences or paths.
CONVERTING = {"__index__", "__float__", "__complex__", "__len__", "__getitem__", "__fspath__", "__getattr__"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
UNKNOWN = {"name": "?", "arguments": []}


def definitions(tree, module, is_package):
    """A dict of {"kind": "function" | "class" | "alias" | "import" | "other", ...} by name.

    A name that is bound twice is left out, as only running the module would show which binding counts.
    """
    package = module if is_package else module.rpartition(".")[0]
    found = {}
    for name, definition in bindings(tree.body, package):
        found.setdefault(name, []).append(definition)
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            for name in node.names:
                found.setdefault(name, []).append(None)
    once = {name: each[0] if len(each) == 1 else None for name, each in found.items()}
    # What hides a builtin is known to be something else.
    return {
        name: definition or {"kind": "other"}
        for name, definition in once.items()
        if definition or hasattr(builtins, name)
    }


def bindings(nodes, package):
    for node in nodes:
        if isinstance(node, FUNCTIONS):
            if "overload" not in map(last_name, node.decorator_list):
                yield node.name, function(node)
        elif isinstance(node, ast.ClassDef):
            yield node.name, class_(node)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.split(".")[0]
                yield alias.asname or top, import_(alias.name if alias.asname else top)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, import_(f"{origin(node, package)}.{alias.name}")
        elif isinstance(node, TYPE_ALIASES):
            yield node.name.id, None if node.type_params else {"kind": "alias", "type": type_of(node.value)}
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, assigned(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, assigned(node.value) if last_name(node.annotation) == "TypeAlias" else None
        else:
            for name in stored(node):
                yield name, None
            for block in ("body", "orelse", "finalbody"):
                yield from bindings(getattr(node, block, ()), package)
            for handler in getattr(node, "handlers", ()):
                yield from bindings(handler.body, package)
            for case in getattr(node, "cases", ()):
                yield from bindings(case.body, package)


def stored(statement):
    """The names that a statement itself binds, without those of the statements inside it."""
    pending = [child for child in ast.iter_child_nodes(statement) if not isinstance(child, ast.stmt)]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name
        elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
            yield node.name
        elif isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest
        pending.extend(child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt))


def origin(node, package):
    """The module from which `from ... import` takes names."""
    if node.level == 0:
        return node.module
    parts = package.split(".")
    base = ".".join(parts[: len(parts) - node.level + 1])
    return f"{base}.{node.module}" if node.module else base


def import_(name):
    return {"kind": "import", "name": name}


def assigned(value):
    """What a name is that `value` is assigned to: another name for a type or a function, or unknown."""
    if isinstance(value, ast.Call) and last_name(value.func) == "NewType" and len(value.args) == 2:
        return {"kind": "alias", "type": type_of(value.args[1])}
    if isinstance(value, (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp)):
        return {"kind": "alias", "type": type_of(value)}
    return None


def function(node):
    if not all(last_name(decorator) in TRANSPARENT for decorator in node.decorator_list):
        return None
    generic = {parameter.name for parameter in getattr(node, "type_params", ())}
    is_async = isinstance(node, ast.AsyncFunctionDef)
    yields = any(isinstance(inner, (ast.Yield, ast.YieldFrom)) for inner in own_nodes(node))
    return {
        "kind": "function",
        "line": node.lineno,
        "form": ("async generator" if yields else "async") if is_async else "generator" if yields else "plain",
        "parameters": list(parameters(node.args, generic)),
        "returns": annotation(node.returns, generic),
    }


def own_nodes(function):
    """The nodes in the body of a function, without those of functions inside it."""
    pending = list(function.body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            pending.extend(ast.iter_child_nodes(node))


def parameters(arguments, generic):
    positional = [(argument, "positional only") for argument in arguments.posonlyargs]
    positional += [(argument, "plain") for argument in arguments.args]
    required = len(positional) - len(arguments.defaults)
    for place, (argument, kind) in enumerate(positional):
        yield parameter(argument, kind, place >= required, generic)
    if arguments.vararg:
        yield parameter(arguments.vararg, "rest", True, generic)
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        yield parameter(argument, "keyword only", default is not None, generic)
    if arguments.kwarg:
        yield parameter(arguments.kwarg, "keyword rest", True, generic)


def parameter(argument, kind, optional, generic):
    return {
        "name": argument.arg,
        "line": argument.lineno,
        "kind": kind,
        "optional": optional,
        "annotation": annotation(argument.annotation, generic),
    }


def class_(node):
    if any(isinstance(inner, FUNCTIONS) and inner.name in CONVERTING for inner in node.body):
        return None
    return {
        "kind": "class",
        "line": node.lineno,
        "dataclass": "dataclass" in map(last_name, node.decorator_list),
        "bases": [type_of(base) for base in node.bases],
    }


def annotation(node, generic=frozenset()):
    return None if node is None else {"text": ast.unparse(node), "type": type_of(node, generic)}


def type_of(node, generic=frozenset()):
    """{"name", "arguments"}: "|" is a union, "?" what cannot be told."""
    if isinstance(node, ast.Constant):
        if node.value is None:
            return {"name": "None", "arguments": []}
        if node.value is ...:
            return {"name": "...", "arguments": []}
        if isinstance(node.value, str):
            try:
                return type_of(ast.parse(node.value.strip(), mode="eval").body, generic)
            except SyntaxError:
                return UNKNOWN
    elif isinstance(node, (ast.Name, ast.Attribute)):
        name = dotted(node)
        return {"name": name, "arguments": []} if name and name not in generic else UNKNOWN
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return {"name": "|", "arguments": [type_of(node.left, generic), type_of(node.right, generic)]}
    elif isinstance(node, ast.Subscript) and (name := dotted(node.value)) and name not in generic:
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        last = name.rpartition(".")[2]
        if last == "Literal":
            arguments = [literal(value) for value in inner]
        elif last == "Annotated":
            return type_of(inner[0], generic)
        else:
            arguments = [type_of(value, generic) for value in inner]
        return {"name": name, "arguments": arguments}
    return UNKNOWN


def literal(node):
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    if not isinstance(node, ast.Constant):
        return UNKNOWN
    return {"name": "None" if node.value is None else type(node.value).__name__, "arguments": []}


def dotted(node):
    """The dotted name that an expression is, if it is one."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (base := dotted(node.value)):
        return f"{base}.{node.attr}"
    return None


def last_name(node):
    """The last part of the name of a decorator, called or not."""
    name = dotted(node.func if isinstance(node, ast.Call) else node)
    return name.rpartition(".")[2] if name else None
