import ast
import importlib
import re
import sys
from pathlib import Path

import pytest

import lookalike

PACKAGE = Path(lookalike.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

# What only some modules may import, and which.
ONLY_IN = {
    "pillow_heif": "formats/heic.py",
    "tifffile": "formats/tiff.py",
    "js": "browser/",
    "pyodide": "browser/",
    "pyodide_http": "browser/",
    "pyodide_js": "browser/",
    "score": "browser/",
    "onnxruntime": "model/onnxruntime_native.py",
    "tokenizers": ("evaluate/", "model/onnxruntime_native.py"),
    "tqdm": ("evaluate/", "terminal/"),
}
EVERYWHERE = {"lookalike", "numpy", "PIL"}

# A wheel that is shipped to browsers may hold compiled modules alone.
pytestmark = pytest.mark.native


def name_of(path):
    return path.relative_to(PACKAGE).as_posix()


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def public(node, inside):
    """The public definitions of a module, with their dotted names."""
    for child in node.body:
        kinds = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        if isinstance(child, kinds) and not child.name.startswith("_"):
            yield f"{inside}:{child.name}", child
            if isinstance(child, ast.ClassDef):
                yield from public(child, f"{inside}:{child.name}")


CLASSES = {
    node.name: node
    for path in MODULES
    for node in ast.walk(tree(path))
    if isinstance(node, ast.ClassDef)
}


def bases(node):
    """The names of a class's bases."""
    parts = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
    return [part.id for part in parts if isinstance(part, ast.Name)]


def methods(node):
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return {child.name: child for child in node.body if isinstance(child, kinds)}


PROTOCOLS = [node for node in CLASSES.values() if "Protocol" in bases(node)]


def is_said_above(node, method):
    """Whether a base, or a protocol that the class implements, says what the method does."""
    above = [CLASSES[name] for name in bases(node) if name in CLASSES]
    above += [each for each in PROTOCOLS if methods(each).keys() <= methods(node).keys()]
    return any(
        (method in methods(each) and ast.get_docstring(methods(each)[method]))
        or is_said_above(each, method)
        for each in above
        if each is not node
    )


def undocumented(module, inside):
    """The public definitions that nothing is said of, neither there nor above."""
    for name, node in public(module, inside):
        if ast.get_docstring(node):
            continue
        *_, owner, method = name.split(":")
        if not (owner in CLASSES and is_said_above(CLASSES[owner], method)):
            yield name


def imported(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: imports are absolute"
            yield node.module


def test_the_modules_are_found():
    assert {"search/loop.py", "browser/engine.py", "policies/greedy.py"} <= set(
        map(name_of, MODULES)
    )


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_everything_public_has_a_docstring(path):
    module = tree(path)
    assert ast.get_docstring(module), "the module itself"
    assert list(undocumented(module, name_of(path))) == []


def test_a_method_without_a_docstring_does_what_its_base_says():
    text = 'class UCB:\n    """Some."""\n\n    def learn(self): ...\n\n    def more(self): ...'
    assert list(undocumented(ast.parse(text), "here")) == ["here:UCB:more"]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_import_what_is_theirs_to_import(path):
    here = name_of(path)
    for name in imported(path):
        top = name.split(".")[0]
        if top in sys.stdlib_module_names or top in EVERYWHERE:
            continue
        # Evaluation runs on this machine alone, with whatever its extra brings.
        allowed = ONLY_IN.get(top, "evaluate/")
        assert here.startswith(allowed), f"{here} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_the_engine_knows_nothing_of_the_browser(path):
    if not name_of(path).startswith("browser/"):
        assert [name for name in imported(path) if name.startswith("lookalike.browser")] == []


def test_the_search_itself_knows_no_service_and_no_network():
    for module in (
        "search/loop.py",
        "search/look.py",
        "policies/greedy.py",
        "policies/state.py",
    ):
        names = set(imported(PACKAGE / module))
        assert names.isdisjoint({"lookalike.sources.flickr", "lookalike.sources.http"})
        assert not any(name.startswith(("urllib", "http", "socket")) for name in names)


def defined(path):
    """The names that a module defines itself."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def is_module(path):
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


REFERENCES = {
    reference: name_of(path)
    for path in MODULES
    for reference in re.findall(r"`(lookalike(?:\.\w+)+)", path.read_text(encoding="utf-8"))
}


def led_to(reference):
    """What a dotted name stands for; ModuleNotFoundError or AttributeError where for nothing.

    What a module has only imported is defined elsewhere.
    """
    names = reference.split(".")
    count = len(names)
    while not is_module(PACKAGE.parent.joinpath(*names[:count])):
        count -= 1
    found = importlib.import_module(".".join(names[:count]))
    if names[count:] and names[count] not in defined(Path(found.__file__)):
        raise AttributeError(f"{found.__name__} does not define {names[count]}")
    for name in names[count:]:
        # Fields without a default are known by their types alone.
        is_field = name in getattr(found, "__annotations__", {})
        found = found.__annotations__[name] if is_field else getattr(found, name)
    return found


@pytest.mark.parametrize("reference", REFERENCES)
def test_what_is_referred_to_is_there(reference):
    led_to(reference)


def test_a_reference_that_leads_nowhere_is_found():
    assert led_to("lookalike.photo.Photo.thumb_url")
    assert led_to("lookalike.search.loop")
    for wrong in (
        "lookalike.nowhere",
        "lookalike.photo.Picture",
        "lookalike.photo.Photo.name",
        "lookalike.search.loop.Budget",
    ):
        with pytest.raises((ModuleNotFoundError, AttributeError)):
            led_to(wrong)
