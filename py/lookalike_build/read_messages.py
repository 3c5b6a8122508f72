"""Reads what each message between the page and Python holds, from its dataclass.

The sources are read and not run: the build has no numpy.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from lookalike_build.messages import (
    Choice,
    Field,
    Host,
    Many,
    Map,
    Maybe,
    Messages,
    Named,
    Plain,
    Record,
    Row,
    Type,
)
from lookalike_build.steps import BuildError

PROTOCOL = "browser/protocol.py"
EVENTS = "search/events.py"
_PLAIN = {"int", "float", "str", "bool", "bytes"}


def read_messages(package: Path) -> Messages:
    """Read the messages of a package like `lookalike`.

    Args:
        package: its folder.

    Raises:
        BuildError: a field is of a type that no message can have.
    """
    return _Reader(package).messages()


@dataclass(frozen=True, slots=True)
class _Module:
    path: str
    tree: ast.Module


Found = tuple[_Module, ast.ClassDef | ast.expr]
"""A class, or what a name stands for, and the module in which it does."""


class _Reader:
    """Follows names from module to module."""

    def __init__(self, package: Path) -> None:
        self._package = package
        self._modules: dict[str, _Module] = {}
        self._records: dict[str, Record] = {}
        self._at: dict[str, str] = {}
        self._unsent: dict[str, set[str]] = {}

    def messages(self) -> Messages:
        protocol = self._module(PROTOCOL)
        for key, value in _table(protocol, "UNSENT"):
            _, cls = self._class(protocol, key)
            self._unsent[cls.name] = set(ast.literal_eval(value))
        from_page, to_page = (
            {ast.literal_eval(key): self._message(protocol, value) for key, value in table}
            for table in (_table(protocol, "FROM_PAGE"), _table(protocol, "TO_PAGE"))
        )
        if not (from_page and to_page):
            raise BuildError(f"{PROTOCOL} lacks FROM_PAGE or TO_PAGE")
        return Messages(from_page, to_page, self._records)

    def _message(self, protocol: _Module, name: ast.expr) -> Record:
        module, node = self._class(protocol, name)
        record = self._record(module, node)
        # The events of a search are sent with its number.
        if module.path != EVENTS:
            return record
        return Record(record.about, {"id": Field(Plain("int"), "Of the search."), **record.fields})

    def _class(self, module: _Module, name: ast.expr) -> tuple[_Module, ast.ClassDef]:
        there, node = self._find(module, ast.unparse(name))
        if not isinstance(node, ast.ClassDef):
            raise BuildError(f"{module.path}: {ast.unparse(name)} is no class")
        return there, node

    def _module(self, path: str) -> _Module:
        if path not in self._modules:
            tree = ast.parse((self._package / path).read_text(encoding="utf-8"))
            self._modules[path] = _Module(path, tree)
        return self._modules[path]

    def _find(self, module: _Module, dotted: str) -> Found:
        """What a name stands for in a module, wherever it comes from."""
        first, _, rest = dotted.partition(".")
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and node.name == dotted:
                return module, node
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == dotted:
                return module, node.value
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    if (alias.asname or alias.name) == first:
                        return self._imported(node.module, alias.name, rest)
        raise BuildError(f"{module.path}: {dotted} is not known")

    def _imported(self, origin: str, name: str, rest: str) -> Found:
        # The package's own name comes first.
        folder = "/".join(origin.split(".")[1:])
        inside = f"{folder}/{name}.py" if folder else f"{name}.py"
        if rest and (self._package / inside).is_file():
            return self._find(self._module(inside), rest)
        if (self._package / f"{folder}.py").is_file():
            return self._find(self._module(f"{folder}.py"), name)
        raise BuildError(f"{origin}: no message can hold {name}")

    def _record(self, module: _Module, node: ast.ClassDef) -> Record:
        if not any(ast.unparse(each).startswith("dataclass") for each in node.decorator_list):
            raise BuildError(f"{module.path}: {node.name} is no dataclass")
        doc = ast.get_docstring(node) or ""
        said, unsent = _attributes(doc), self._unsent.get(node.name, set())
        fields = {
            each.target.id: Field(self._type(module, each.annotation), said.get(each.target.id, ""))
            for each in node.body
            if isinstance(each, ast.AnnAssign)
            and isinstance(each.target, ast.Name)
            and each.target.id not in unsent
        }
        return Record(_line(doc.partition("\n\n")[0]), fields)

    def _type(self, module: _Module, annotation: ast.expr) -> Type:
        if isinstance(annotation, ast.Name | ast.Attribute):
            return self._named(module, ast.unparse(annotation))
        if isinstance(annotation, ast.BinOp) and ast.unparse(annotation.right) == "None":
            return Maybe(self._type(module, annotation.left))
        if isinstance(annotation, ast.Subscript):
            outer, inner = ast.unparse(annotation.value), _elements(annotation.slice)
            if outer == "Literal":
                return Choice("", tuple(map(ast.literal_eval, inner)))
            if outer == "tuple" and ast.unparse(inner[-1]) != "...":
                return Row(tuple(self._type(module, each) for each in inner))
            if outer in ("list", "tuple"):
                return Many(self._type(module, inner[0]))
            if outer == "dict" and ast.unparse(inner[0]) == "str":
                return Map(self._type(module, inner[1]))
        raise BuildError(f"{module.path}: no message can hold {ast.unparse(annotation)}")

    def _named(self, module: _Module, name: str) -> Type:
        if name in _PLAIN:
            return Plain(name)
        there, node = self._find(module, name)
        short = name.rpartition(".")[2]
        if isinstance(node, ast.ClassDef):
            choices = _choices(node)
            return Choice(node.name, choices) if choices else self._kept(there, node)
        if ast.unparse(node) == "Any":
            return Host(short)
        type_ = self._type(there, node)
        return Choice(short, type_.values) if isinstance(type_, Choice) else type_

    def _kept(self, module: _Module, node: ast.ClassDef) -> Named:
        """A dataclass inside a message; the page knows it by its name alone."""
        known = self._at.get(node.name)
        if known is None:
            # Noted first, as it may hold others of its kind.
            self._at[node.name] = module.path
            self._records[node.name] = self._record(module, node)
        elif known != module.path:
            raise BuildError(f"{node.name} is in {known} and in {module.path}")
        return Named(node.name)


def _table(module: _Module, name: str) -> list[tuple[ast.expr, ast.expr]]:
    """The keys and values of a dict that a module has; none where it has no such dict."""
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            if not isinstance(node.value, ast.Dict):
                raise BuildError(f"{module.path}: {name} is no dict")
            pairs = zip(node.value.keys, node.value.values, strict=True)
            return [(key, value) for key, value in pairs if key is not None]
    return []


def _choices(cls: ast.ClassDef) -> tuple[str, ...]:
    """The values of a StrEnum."""
    if [ast.unparse(base) for base in cls.bases] != ["StrEnum"]:
        return ()
    values = (node.value for node in cls.body if isinstance(node, ast.Assign))
    return tuple(str(ast.literal_eval(value)) for value in values)


def _elements(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def _attributes(doc: str) -> dict[str, str]:
    """What the "Attributes:" of a docstring say, by name; "a, b: both." is said of either."""
    _, _, section = doc.partition("Attributes:\n")
    entries = re.findall(
        r"^    ([\w, ]+): (.*(?:\n {5,}.*)*)", section.partition("\n\n")[0], re.MULTILINE
    )
    return {name: _line(text) for names, text in entries for name in names.split(", ")}


def _line(text: str) -> str:
    text = " ".join(text.split())
    return text[:1].upper() + text[1:]
