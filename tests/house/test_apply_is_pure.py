"""Nothing but block and state enters a judgement: a reading of all source that `ledger/rules.py: apply` can reach.

What a judgement says must be the same in every process, on every machine and in ten years. Therefore no module on the way
may know a clock, chance, the environment, a file or a socket, compute with floats, or take a set's or an address's order
for an order. The way is followed through imports, from the state machine and the modules that offer entry kinds, into the
house and the verifier; libraries are named and held to a list.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from gongshi import wiring

ROOT = Path(__file__).parents[2]
TREES = {"gongshi": ROOT / "src", "gongshi_verifier": ROOT / "verifier" / "src"}
BEGIN = ("gongshi.ledger.rules", *(room.__name__ for room in wiring.ROOMS))

FORBIDDEN_CALLS = {
    "__import__", "breakpoint", "compile", "delattr", "eval", "exec", "float", "globals", "hash", "id", "input", "locals",
    "open", "print", "vars",
}  # fmt: skip
FORBIDDEN_METHODS = {
    "as_posix", "getenv", "glob", "iterdir", "now", "popitem", "read_bytes", "read_text", "today", "total_seconds",
    "utcnow", "write_bytes", "write_text",
}  # fmt: skip
# Taking the items of a set one after another shows its order; these do not, whatever order they are given.
ORDER_BLIND = {"all", "any", "dict", "frozenset", "len", "max", "min", "set", "sorted", "sum"}
SET_METHODS = {"difference", "intersection", "symmetric_difference", "union"}

# What comes from outside and may be computed with: nothing of it asks the world. A new one is put here on purpose.
LIBRARIES = {
    "__future__", "base64", "cbor2", "collections", "cryptography", "dataclasses", "datetime", "decimal", "functools", "hashlib",
    "math", "nacl", "re", "rfc8785", "struct", "typing", "unicodedata", "zoneinfo",
}  # fmt: skip

# (module, function, what is found): why it may stand.
_READING = "the watch reads sources with it before it enters them; no judgement calls it"
ALLOWED: dict[tuple[str, str, str], str] = {
    ("gongshi.terms.quantity", "quantity_of", "round()"): "rounds a Decimal, exactly and half to even",
    ("gongshi.watch.wording", "-", "import urllib.parse"): _READING,
    ("gongshi.watch.wording", "-", "import nh3"): _READING,
    ("gongshi.watch.sources", "-", "import importlib"): _READING,
    ("gongshi.watch.sources", "-", "import pkgutil"): _READING,
}


def path_of(module: str) -> Path | None:
    tree = TREES.get(module.partition(".")[0])
    if tree is None:
        return None
    base = tree.joinpath(*module.split("."))
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()), None)


def imported_by(tree: ast.AST) -> set[str]:
    """Give every module that a source imports, at its top or anywhere below."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, "imports name their module"
            found.add(node.module)
            found.update(name for alias in node.names if path_of(name := f"{node.module}.{alias.name}"))
    return found


@cache
def reachable() -> dict[str, ast.Module]:
    """Give the source of every module of ours on the way, by its name."""
    found: dict[str, ast.Module] = {}
    waiting = list(BEGIN)
    while waiting:
        module = waiting.pop()
        path = path_of(module)
        if module in found or path is None:
            continue
        found[module] = ast.parse(path.read_text(encoding="utf-8"))
        waiting += imported_by(found[module])
    return found


@cache
def sets_of(path: Path) -> frozenset[str]:
    """Give the constants of a module that are sets."""
    reader = Reader()
    reader.visit(ast.parse(path.read_text(encoding="utf-8")))
    return frozenset(reader.sets[0])


class Reader(ast.NodeVisitor):
    """Collects (function, finding) of one module."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []
        self.inside = ["-"]
        self.sets: list[set[str]] = [set()]

    def say(self, what: str) -> None:
        self.found.append((self.inside[-1], what))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.inside.append(node.name)
        self.sets.append(set())
        self.generic_visit(node)
        self.sets.pop()
        self.inside.pop()

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.judge_import(alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.judge_import(str(node.module))
        source = path_of(str(node.module))
        known = sets_of(source) if source else frozenset()
        self.sets[-1].update(alias.asname or alias.name for alias in node.names if alias.name in known)

    def judge_import(self, module: str) -> None:
        top = module.partition(".")[0]
        if module != "collections.abc" and top not in LIBRARIES and top not in TREES:
            self.say(f"import {module}")

    def visit_arguments(self, node: ast.arguments) -> None:
        for one in (*node.posonlyargs, *node.args, *node.kwonlyargs):
            if one.annotation and ast.unparse(one.annotation).startswith(("set", "frozenset", "AbstractSet")):
                self.sets[-1].add(one.arg)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, (float, complex)):
            self.say("float literal")

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Div):
            self.say("true division")
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.op, ast.Div):
            self.say("true division")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name in FORBIDDEN_CALLS:
            self.say(f"{name}()")
        if method in FORBIDDEN_METHODS:
            self.say(f".{method}()")
        if name == "repr" or (name == "round" and len(node.args) == 1):
            self.say(f"{name}()")
        takes_items = name in {"list", "tuple", "iter", "enumerate", "next", "map", "filter", "zip", "reversed"}
        if (takes_items or method == "join") and any(self.is_set(item) for item in node.args):
            self.say("order of a set")
        if name in ORDER_BLIND:  # what is taken item by item here comes out the same in any order
            for item in node.args:
                if isinstance(item, (ast.GeneratorExp, ast.ListComp)):
                    self.visit_without_order(item)
                else:
                    self.visit(item)
            for keyword in node.keywords:
                self.visit(keyword)
            return
        self.generic_visit(node)

    def visit_without_order(self, node: ast.GeneratorExp | ast.ListComp) -> None:
        for part in (node.elt, *(part for one in node.generators for part in (one.iter, *one.ifs))):
            self.visit(part)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None and self.is_set(node.value) and isinstance(node.target, ast.Name):
            self.sets[-1].add(node.target.id)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if self.is_set(node.value):
            self.sets[-1].update(target.id for target in node.targets if isinstance(target, ast.Name))
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        if self.is_set(node.iter):
            self.say("order of a set")
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        if self.is_set(node.iter):
            self.say("order of a set")
        self.generic_visit(node)

    def visit_SetComp(self, node: ast.SetComp) -> None:
        for part in (node.elt, *(part for one in node.generators for part in (one.iter, *one.ifs))):
            self.visit(part)  # a set from a set has no order either

    def visit_Starred(self, node: ast.Starred) -> None:
        if self.is_set(node.value):
            self.say("order of a set")
        self.generic_visit(node)

    def is_set(self, node: ast.expr) -> bool:
        """Ask whether an expression is a set as far as the source shows it."""
        if isinstance(node, (ast.Set, ast.SetComp)):
            return True
        if isinstance(node, ast.Name):
            return any(node.id in names for names in self.sets)
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                return node.func.id in {"set", "frozenset", "get_roles"}
            return isinstance(node.func, ast.Attribute) and node.func.attr in SET_METHODS
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr, ast.BitXor, ast.Sub)):
            sides = (node.left, node.right)
            views = any(isinstance(s, ast.Call) and getattr(s.func, "attr", "") in {"keys", "items"} for s in sides)
            return views or any(self.is_set(side) for side in sides)
        return False


def read(source: str | ast.Module) -> list[tuple[str, str]]:
    reader = Reader()
    reader.visit(ast.parse(source) if isinstance(source, str) else source)
    return reader.found


def test_the_way_leads_through_every_room_and_the_verifier():
    assert {
        "gongshi.ledger.state",
        "gongshi.ledger.tree",
        "gongshi.ledger.log",
        "gongshi.ledger.codec",
    } <= reachable().keys()
    assert {"gongshi.group.kinds.ballots", "gongshi.group.count", "gongshi.terms.canonical"} <= reachable().keys()
    assert {"gongshi_verifier.cbor", "gongshi_verifier.merkle", "gongshi_verifier.state"} <= reachable().keys()
    assert not [module for module in reachable() if ".adapters" in module or module.endswith(".store")]


def test_nothing_on_the_way_knows_more_than_block_and_state():
    found = {(module, function, what) for module, tree in reachable().items() for function, what in read(tree)}
    assert sorted(found - ALLOWED.keys()) == []


def test_no_exception_is_left_over():
    found = {(module, function, what) for module, tree in reachable().items() for function, what in read(tree)}
    assert sorted(ALLOWED.keys() - found) == []


PLANTED = {
    "import time": "import time",
    "from datetime import datetime\ndef f():\n    return datetime.now()": ".now()",
    "def f():\n    import random": "import random",
    "from secrets import token_bytes": "import secrets",
    "import uuid": "import uuid",
    "import os\nX = os.environ['HOME']": "import os",
    "import socket": "import socket",
    "import locale": "import locale",
    "import numpy as np": "import numpy",
    "def f(path):\n    return open(path)": "open()",
    "def f(path):\n    return path.read_bytes()": ".read_bytes()",
    "def f(value):\n    return hash(value)": "hash()",
    "def f(value):\n    return id(value)": "id()",
    "def f(value):\n    return digest(repr(value))": "repr()",
    "def f(value):\n    return float(value)": "float()",
    "def f(value):\n    return value * 0.5": "float literal",
    "def f(value):\n    return value / 2": "true division",
    "def f(value):\n    value /= 2": "true division",
    "def f(value):\n    return round(value)": "round()",
    "def f(names):\n    for name in set(names):\n        put(name)": "order of a set",
    "def f(names):\n    kept = {n for n in names}\n    return [n for n in kept]": "order of a set",
    "def f(one, other):\n    return list(one.keys() - other)": "order of a set",
    "def f(one, other):\n    return ','.join(one.keys() ^ other.keys())": "order of a set",
    "def f(names: frozenset[str]):\n    return [*names]": "order of a set",
    "def f(draft, at):\n    return next(iter(get_roles(draft, at)))": "order of a set",
    "ROLES = frozenset({'a', 'b'})\ndef f():\n    return {name: 1 for name in ROLES}": "order of a set",
    "from gongshi.group.kinds.work import FROZEN_ROWS\ndef f():\n    return tuple(FROZEN_ROWS)": "order of a set",
}


@pytest.mark.parametrize("source", PLANTED)
def test_what_is_planted_is_found(source):
    assert PLANTED[source] in [what for _, what in read(source)]


@pytest.mark.parametrize(
    "source",
    [
        "def f(names):\n    return sorted(set(names))",
        "def f(names):\n    return all(is_id(name) for name in set(names))",
        "def f(one, other):\n    return one.keys() == other.keys() and 'a' in set(one)",
        "def f(names):\n    return {name.lower() for name in set(names)}",
        "def f(value):\n    return value // 2 + round(value, -1)",
        "from datetime import date\ndef f(day):\n    return date.fromisoformat(day)",
        "import hashlib\nfrom collections.abc import Mapping",
    ],
)
def test_what_has_no_order_and_no_clock_may_stand(source):
    assert read(source) == []
