"""Compiles modules to bytecode, and tells which names they define and what they import.

    python compile.py JOBS RESULTS

JOBS is a JSON list of {"source", "target", "guest", "module", "owner"}: the file to read, the .pyc to write,
the path that tracebacks show, the dotted name, and whose it is: "user", "package" or "library". RESULTS is a
list in the same order, of {"problem": {"line", "message", "excerpt"}} or {"names", "open", "definitions", "imports"}, each
with "encoding": the module that decodes the source, if it is not the one that Python takes where a source says nothing.
"""

import ast
import json
import os
import py_compile
import sys
import tokenize
import traceback

from definitions import definitions
from imports import imports, module_of_encoding

# Nodes with a scope of their own: what they assign is no name of the module.
SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def compile_module(job):
    return {**compiled_or_refused(job), "encoding": encoding(job["source"])}


def compiled_or_refused(job):
    try:
        py_compile.compile(
            job["source"],
            job["target"],
            dfile=job["guest"],
            doraise=True,
            optimize=0,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    except py_compile.PyCompileError as error:
        return {"problem": problem(error.exc_value)}
    with open(job["source"], "rb") as file:
        tree = ast.parse(file.read())
    is_package = os.path.basename(job["source"]) == "__init__.py"
    names, is_open, defined = (), True, {}
    if job["owner"] == "user":
        names, is_open = defined_names(tree)
        defined = definitions(tree, job["module"], is_package)
    imported = imports(tree, job["module"], is_package, job["owner"] == "library")
    return {"names": sorted(names), "open": is_open, "definitions": defined, "imports": imported}


def encoding(source):
    with open(source, "rb") as file:
        try:
            name, _ = tokenize.detect_encoding(file.readline)
        except SyntaxError:
            # There is no such encoding, or the source is in none.
            return None
    return None if name.startswith("utf-8") else module_of_encoding(name)


def problem(error):
    # Python's own rendering, but for the line that names the path in the guest.
    lines = "".join(traceback.format_exception_only(error)).rstrip().splitlines()
    excerpt = [line for line in lines[:-1] if not line.startswith("  File ")]
    return {"line": getattr(error, "lineno", None), "message": lines[-1], "excerpt": "\n".join(excerpt)}


def defined_names(module):
    """The names at the top level of a module, and whether there can be others."""
    names, is_open = set(), False
    pending = list(module.body)
    while pending:
        node = pending.pop()
        if isinstance(node, DEFINITIONS):
            names.add(node.name)
            continue
        if isinstance(node, SCOPES):
            continue
        if isinstance(node, ast.alias):
            is_open |= node.name == "*"
            names.add(node.asname or node.name.split(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        pending.extend(ast.iter_child_nodes(node))
    for node in ast.walk(module):
        if isinstance(node, ast.Global):
            names.update(node.names)
        elif isinstance(node, ast.Name) and node.id in ("globals", "exec"):
            is_open = True
    return names - {"*"}, is_open or "__getattr__" in names


def main(jobs, results):
    with open(jobs, encoding="utf-8") as file:
        jobs = json.load(file)
    with open(results, "w", encoding="utf-8") as file:
        json.dump([compile_module(job) for job in jobs], file)


main(*sys.argv[1:])
