"""What each message from the engine looks like, from the dataclasses that Python makes it of.

The page checks by it whatever comes from the engine, which runs anybody's code. The sources are
read and not run: the build has no numpy.
"""

import ast
from collections.abc import Iterable
from pathlib import Path

from lookalike_build.steps import BuildError

PROTOCOL = "browser/protocol.py"
_MODULES = (
    PROTOCOL,
    "errors.py",
    "search/events.py",
    "photo.py",
    "policies/policy.py",
    "policies/state.py",
    "collections/upload.py",
)
_PLAIN = {"int", "float", "str", "bool", "bytes"}

Form = str | list["Form"] | dict[str, "Form"]
"""A name: of a plain type, of a class, or "file"; ["list", form], ["map", form] of texts to
that, ["maybe", form] for that or null, ["names", …] for one of these; or an object's fields."""


def forms(package: Path) -> dict[str, Form]:
    """The messages of `TO_PAGE`, and the classes that they hold, by their fields.

    Args:
        package: the folder of `lookalike`.

    Returns:
        "messages" and "classes", as config.json has them.

    Raises:
        BuildError: a field is of a type that no message can have.
    """
    trees = {name: ast.parse((package / name).read_text(encoding="utf-8")) for name in _MODULES}
    classes = _classes(trees.values())
    names = _names(trees[PROTOCOL])
    events = {
        each.name for each in trees["search/events.py"].body if isinstance(each, ast.ClassDef)
    }
    messages: dict[str, Form] = {}
    needed: list[str] = []
    for kind, cls in _table(trees[PROTOCOL]).items():
        fields = _fields(cls, classes, names, needed)
        # The events of a search are sent with its number.
        messages[kind] = {**fields, "id": "int"} if cls in events else {**fields}
    used: dict[str, Form] = {}
    while needed:
        cls = needed.pop()
        if cls not in used:
            used[cls] = {**_fields(cls, classes, names, needed)}
    return {"messages": messages, "classes": used}


def _classes(trees: Iterable[ast.Module]) -> dict[str, ast.ClassDef]:
    nodes = (node for tree in trees for node in tree.body)
    return {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}


def _table(protocol: ast.Module) -> dict[str, str]:
    """`TO_PAGE`: the names of messages, and of their classes."""
    values = _assigned(protocol, "TO_PAGE")
    if not isinstance(values, ast.Dict):
        raise BuildError(f"{PROTOCOL} has no TO_PAGE")
    return {
        ast.literal_eval(key): ast.unparse(value).rpartition(".")[2]
        for key, value in zip(values.keys, values.values, strict=True)
        if key is not None
    }


def _names(protocol: ast.Module) -> dict[str, list[str]]:
    """`NAMES`: what a text may be, by "Class.field"."""
    values = _assigned(protocol, "NAMES")
    return (
        {}
        if values is None
        else {key: list(all_) for key, all_ in ast.literal_eval(values).items()}
    )


def _assigned(tree: ast.Module, name: str) -> ast.expr | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return node.value
    return None


def _fields(
    cls: str, classes: dict[str, ast.ClassDef], names: dict[str, list[str]], needed: list[str]
) -> dict[str, Form]:
    found: dict[str, Form] = {}
    for node in classes[cls].body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            field = node.target.id
            known = names.get(f"{cls}.{field}")
            found[field] = ["names", *known] if known else _form(node.annotation, classes, needed)
    return found


def _form(annotation: ast.expr, classes: dict[str, ast.ClassDef], needed: list[str]) -> Form:
    text = ast.unparse(annotation).rpartition(".")[2] if _dotted(annotation) else ""
    if text in _PLAIN:
        return text
    if text == "Any":
        return "file"
    if text in classes:
        choices = _choices(classes[text])
        if choices:
            return ["names", *choices]
        needed.append(text)
        return text
    if isinstance(annotation, ast.BinOp) and ast.unparse(annotation.right) == "None":
        return ["maybe", _form(annotation.left, classes, needed)]
    if isinstance(annotation, ast.Subscript):
        outer = ast.unparse(annotation.value)
        inner = (
            annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        )
        if outer in ("list", "tuple"):
            return ["list", _form(inner[0], classes, needed)]
        if outer == "dict":
            return ["map", _form(inner[1], classes, needed)]
    raise BuildError(f"{PROTOCOL}: no message can hold {ast.unparse(annotation)}")


def _dotted(annotation: ast.expr) -> bool:
    return isinstance(annotation, ast.Name | ast.Attribute)


def _choices(cls: ast.ClassDef) -> list[str]:
    """The values of a StrEnum."""
    if [ast.unparse(base) for base in cls.bases] != ["StrEnum"]:
        return []
    values = (node.value for node in cls.body if isinstance(node, ast.Assign))
    return [str(ast.literal_eval(value)) for value in values]
