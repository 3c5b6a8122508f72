"""The service worker: a second visit without a network, new versions, and sites that are broken."""

import re

import pytest
from conftest import START_UP, opened
from desk import COURIER as FAKE_COURIER
from desk import ENGINE as FAKE
from desk import QUERY
from kept_site import LAST, Visitor, kept, kept_copy, ready
from own_photos import OwnPhotos, folder_of, photos
from playwright.sync_api import expect

from lookalike_build.bundle import COURIER, ENGINE, VISION

pytestmark = pytest.mark.whole_browser

NETWORK = ("Failed to load resource", "net::ERR", "Failed to fetch")
NEW = "/* another version */"
COSINE = """
import numpy as np
from lookalike.images import prepare

LAYER = "avg_pool"

async def get_feature(model, image):
    return (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0].ravel()

def embs2score(source, candidate):
    return -float(source @ candidate)
"""


@pytest.fixture
def host(kept_dist, tmp_path):
    with kept_copy(kept_dist, tmp_path) as site:
        yield site


@pytest.fixture
def visitor(browser, host, flickr, openverse):
    visitor = Visitor(browser, host)
    yield visitor
    visitor.end()


@pytest.fixture
def desk_host(kept_dist, tmp_path):
    """The same with an engine that only says what the real one would, and so starts at once."""
    with kept_copy(kept_dist, tmp_path) as site:
        site.publish(
            **{
                ENGINE: FAKE.read_bytes(),
                COURIER: FAKE_COURIER.read_bytes(),
                VISION: b"export async function start() {}",
            }
        )
        site.real = False
        yield site


@pytest.fixture
def passer(browser, desk_host, flickr, openverse):
    """Who visits that."""
    visitor = Visitor(browser, desk_host)
    yield visitor
    visitor.end()


def settled(look):
    """Wait until what is fetched after the engine's start is kept, too."""
    look.page.evaluate(
        """async (last) => {
             const [name] = await caches.keys();
             const cache = await caches.open(name);
             while (!(await cache.keys()).some(({ url }) => url.endsWith(last)))
               await new Promise((resolve) => setTimeout(resolve, 50));
           }""",
        LAST,
    )


def update_of(look):
    return look.page.get_by_role("alert").filter(has_text="A new version is ready")


def look_for_update(look):
    """Have the browser ask for a new version, as it does by itself now and then."""
    look.page.evaluate(
        """async () => {
             const registration = await navigator.serviceWorker.getRegistration();
             const { port1, port2 } = new MessageChannel();
             const looked = new Promise((resolve) => { port1.onmessage = resolve; });
             registration.active.postMessage("look", [port2]);
             await looked;
             const { installing } = registration;
             if (!installing) return;
             await new Promise((resolve) => installing.addEventListener("statechange", resolve));
           }"""
    )


def go_over(look, host):
    """Press "Reload", and wait until the page is of the version that the host has now.

    Chromium now and then leaves the old worker in charge. Then the page tells of the new version
    again, and a person presses again.
    """
    page = look.page.locator("html")
    for _ in range(3):
        page.evaluate("(page) => page.classList.add('left')")
        update_of(look).get_by_role("button", name="Reload").click()
        expect(page).not_to_contain_class("left", timeout=START_UP)
        if page.get_attribute("data-version") == host.version["name"]:
            break
    expect(page).to_have_attribute("data-version", host.version["name"])
    ready(look)


def style_of(look):
    return look.page.evaluate("async () => (await fetch('css/main.css')).text()")


class TestSecondVisit:
    def test_not_a_byte_of_the_engine_is_downloaded_again(self, visitor, host):
        host.server.no_store = True
        look = visitor.visit()
        settled(look)
        first, asked = host.server.sent, list(host.server.asked)
        total = sum(path.stat().st_size for path in host.folder.rglob("*") if path.is_file())
        assert first < total
        engine = [name for name in asked if name.startswith(("pyodide/", "ort/"))]
        engine += [name for name in asked if name.endswith(".onnx")]
        assert len(engine) == len(set(engine)) > 10, "each is downloaded once"
        look.page.close()
        host.server.asked.clear()
        visitor.visit()
        assert set(host.server.asked) <= {"sw.js"}
        assert host.server.sent - first <= (host.folder / "sw.js").stat().st_size

    def test_all_own_work_goes_on_without_a_network(self, visitor, host, tmp_path):
        look = visitor.visit(key=None)
        own = OwnPhotos(look)
        own.collect(folder_of(tmp_path / "a", photos(6)), "Holiday")
        settled(look)
        look.page.close()
        host.stop()
        look.page.context.set_offline(True)
        look = visitor.visit(key=None)
        look.expect_errors(*NETWORK)
        own = OwnPhotos(look)
        own.open()
        own.search("Holiday", ("query.jpg", next(iter(photos(1, 12).values()))))
        expect(look.items).to_have_count(6)
        before = own.found
        look.button("Scoring").click()
        panel = look.page.get_by_role("region", name="Scoring")
        code = panel.get_by_role("textbox", name="Score function, in Python")
        code.focus()
        look.page.keyboard.press("Control+a")
        look.page.keyboard.insert_text(COSINE)
        look.page.keyboard.press("Control+Enter")
        first = look.items.first.locator(".card-title")
        expect(first).not_to_have_text(before[0], timeout=START_UP)
        own.collect(folder_of(tmp_path / "b", photos(3, 7), "Other"), "Other")
        expect(own.card("Other")).to_contain_text("3 photos")

    def test_a_first_visit_says_how_much_it_downloads(self, visitor, host):
        host.server.stall = "pyodide.asm.wasm"
        look = visitor.visit(wait=False)
        said = look.page.locator("#downloaded")
        expect(said).to_have_text(re.compile(r"^\d+\.\d of [23]\d\.\d MB downloaded$"))
        expect(look.page.get_by_role("progressbar", name="MB downloaded")).to_be_visible()
        host.server.released.set()
        ready(look)
        expect(said).to_be_hidden()

    def test_a_first_download_that_breaks_off_leaves_nothing_broken(self, visitor, host):
        host.server.stall = "pyodide.asm.wasm"
        look = visitor.visit(wait=False)
        expect(look.page.locator("#downloaded")).to_be_visible()
        look.page.close()
        host.server.released.set()
        host.server.stall = ""
        look = visitor.visit()
        host.stop()
        look.page.close()
        look = visitor.visit()
        look.expect_errors(*NETWORK)

    def test_a_worker_that_comes_late_keeps_what_was_fetched_before_it(self, visitor, host):
        host.server.stall = "sw.js"
        look = visitor.visit()
        assert not look.page.evaluate("Boolean(navigator.serviceWorker.controller)")
        host.server.stall = ""
        host.server.released.set()
        settled(look)
        host.stop()
        look.page.close()
        look = visitor.visit()
        look.expect_errors(*NETWORK)

    def test_a_page_that_was_opened_past_its_worker_gets_it_unless_it_was_reloaded(
        self, passer, desk_host
    ):
        passer.visit().page.close()
        look = passer.visit(wait=False)
        past = look.page.context.new_cdp_session(look.page)
        past.send("Network.enable")
        past.send("Network.setBypassServiceWorker", {"bypass": True})
        controlled = "Boolean(navigator.serviceWorker.controller)"
        look.page.reload()
        ready(look)
        assert not look.page.evaluate(controlled)
        look.open(at="index.html")
        ready(look)
        assert look.page.evaluate(controlled)


class TestUpdates:
    def test_a_new_version_is_told_and_taken_by_a_reload(self, passer, desk_host):
        look = passer.visit()
        look.search(QUERY)
        expect(look.items).to_have_count(30)
        css = desk_host.folder / "css/main.css"
        desk_host.publish(**{"css/main.css": css.read_bytes() + NEW.encode()})
        look_for_update(look)
        expect(update_of(look)).to_contain_text("What is on show comes back")
        assert NEW not in style_of(look), "the page keeps to its own version"
        go_over(look, desk_host)
        assert NEW in style_of(look)
        expect(update_of(look)).to_have_count(0)
        expect(look.items).to_have_count(30)

    def test_it_waits_for_other_tabs_whose_files_are_the_old_ones(self, passer, desk_host):
        look, other = passer.visit(), passer.visit()
        css = desk_host.folder / "css/main.css"
        desk_host.publish(**{"css/main.css": css.read_bytes() + NEW.encode()})
        look_for_update(look)
        update_of(look).get_by_role("button", name="Reload").click()
        expect(update_of(look)).to_contain_text("Close Lookalike in 1 other tab")
        assert NEW not in style_of(look) + style_of(other)
        other.page.close()
        go_over(look, desk_host)
        assert NEW in style_of(look)

    def test_an_update_has_what_the_version_before_had_kept(self, passer, desk_host):
        look = passer.visit()
        settled(look)
        names = kept(look)
        editor = desk_host.folder / "js/editor/code-editor.js"
        desk_host.publish(**{"js/editor/code-editor.js": editor.read_bytes() + NEW.encode()})
        look_for_update(look)
        expect(update_of(look)).to_be_visible()
        go_over(look, desk_host)
        # This engine asks for less than the real one; an update has all that a start needs.
        needed = [name for name in desk_host.version["start"] if not name.startswith("models/")]
        assert kept(look) == sorted({*names, *needed})
        desk_host.stop()
        text = look.page.evaluate("async () => (await fetch('js/editor/code-editor.js')).text()")
        assert NEW in text

    @pytest.mark.parametrize("how", ["missing", "truncated", "another", "page of the host"])
    @pytest.mark.parametrize("name", ["js/main.js", "scorers/fair.py"])
    def test_one_that_is_half_there_changes_nothing(self, passer, desk_host, name, how):
        look = passer.visit()
        look.expect_errors(*NETWORK, "404", "not the one that belongs", "ServiceWorker")
        settled(look)
        before = kept(look)
        css, broken = desk_host.folder / "css/main.css", desk_host.folder / name
        old = broken.read_bytes()
        good = old + NEW.encode()
        desk_host.publish(**{"css/main.css": css.read_bytes() + NEW.encode(), name: good})
        if how == "missing":
            broken.unlink()
        else:
            page = b"<!doctype html><title>404</title>"
            broken.write_bytes({"truncated": good[:-9], "another": old}.get(how, page))
        look_for_update(look)
        assert style_of(look).count(NEW) == 0
        expect(update_of(look)).to_have_count(0)
        look.page.close()
        look = passer.visit()
        assert NEW not in style_of(look)
        assert set(before) <= set(kept(look))
        broken.write_bytes(good)
        look_for_update(look)
        expect(update_of(look)).to_be_visible()

    def test_a_file_of_another_version_is_not_given_out(self, passer, desk_host):
        look = passer.visit()
        look.expect_errors(*NETWORK, "not the one that belongs")
        table = desk_host.folder / "models/words.npz"
        table.write_bytes(table.read_bytes()[:-1] + b"!")
        result = look.page.evaluate(
            """() => fetch("models/words.npz").then((answer) => answer.arrayBuffer())
                 .then(() => "given", () => "refused")"""
        )
        assert result == "refused"
        assert "models/words.npz" not in kept(look)


class TestPoison:
    def test_what_others_write_into_the_cache_is_not_used(self, passer, desk_host):
        look = passer.visit()
        look.page.evaluate(
            """async () => {
                 const headers = { "content-type": "text/javascript" };
                 for (const name of await caches.keys()) {
                   const cache = await caches.open(name);
                   for (const request of await cache.keys())
                     if (request.url.endsWith("main.js"))
                       await cache.put(request, new Response("document.title = 'x'", { headers }));
                 }
               }"""
        )
        look.page.close()
        look = passer.visit()
        assert look.page.title() == "Lookalike"


class TestWithout:
    def test_a_site_built_without_has_none(self, browser, site, flickr):
        with opened(browser, site) as look:
            look.open()
            ready(look)
            registrations = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
            assert look.page.evaluate(registrations) == 0
            assert kept(look) == []

    def test_a_later_build_without_takes_the_earlier_one_away(self, passer, desk_host, dist):
        look = passer.visit()
        for name in ("sw.js", "index.html", "config.json"):
            (desk_host.folder / name).write_bytes((dist / name).read_bytes())
        look_for_update(look)
        update_of(look).get_by_role("button", name="Reload").click()
        page = look.page.locator("html")
        expect(page).not_to_have_attribute("data-version", re.compile("."), timeout=START_UP)
        ready(look)
        look.page.close()
        look = passer.visit()
        assert look.page.evaluate("!navigator.serviceWorker.controller")
        assert kept(look) == []

    def test_where_workers_are_refused_all_is_as_without(self, browser, host, flickr, query):
        visitor = Visitor(browser, host)
        look = visitor.visit(wait=False)
        look.page.add_init_script(
            """if (window === top)
                 navigator.serviceWorker.getRegistration = () =>
                   Promise.reject(new DOMException("no"));"""
        )
        look.page.reload()
        said = look.page.locator("#downloaded")
        ready(look)
        expect(said).to_be_hidden()
        look.search(query)
        expect(look.items.first).to_be_visible()
        visitor.end()


class TestServices:
    def test_a_search_of_a_service_waits_for_the_network_and_goes_on(self, visitor, host, query):
        look = visitor.visit(photos=5)
        look.expect_errors(*NETWORK)
        look.page.context.set_offline(True)
        look.choose(query)
        expect(look.alert).to_contain_text("There is no network.")
        expect(look.alert).to_contain_text("searched as soon as the network is back")
        expect(look.status).to_contain_text("Waiting for the network")
        expect(look.page.locator("#details-said")).to_have_text("Waiting for the network.")
        look.page.context.set_offline(False)
        look.wait_until_done()
        expect(look.items.first).to_be_visible()
        expect(look.alert).to_have_count(0)


class TestArrivals:
    def share(self, look, host, name, data, kind):
        """Send a form as the system does that shares a photo: the page opens by it."""
        url = host.url + "share"
        look.page.goto(host.origin + "/form.html")
        look.page.evaluate(
            """({ url, name, bytes, kind }) => {
                 const form = document.createElement("form");
                 form.action = url;
                 form.method = "POST";
                 form.enctype = "multipart/form-data";
                 const input = document.createElement("input");
                 Object.assign(input, { type: "file", name: "photo" });
                 const files = new DataTransfer();
                 files.items.add(new File([new Uint8Array(bytes)], name, { type: kind }));
                 input.files = files.files;
                 form.append(input);
                 document.body.append(form);
                 form.submit();
               }""",
            {"url": url, "name": name, "bytes": list(data), "kind": kind},
        )

    def test_a_shared_photo_starts_a_search_and_no_server_sees_it(self, passer, desk_host, query):
        look = passer.visit(photos=5)
        (desk_host.folder.parent / "form.html").write_text(
            '<!doctype html><title>Another app</title><link rel="icon" href="data:,">'
        )
        desk_host.server.asked.clear()
        self.share(look, desk_host, *query, "image/jpeg")
        expect(look.page.locator("#query-name")).to_have_text("query.jpg")
        look.wait_until_done()
        assert "share" not in desk_host.server.asked
        assert "shared" not in look.page.url
        look.page.reload()
        ready(look)
        expect(look.alert).to_have_count(0)

    def test_one_that_did_not_arrive_is_said(self, passer, desk_host):
        look = passer.visit(at="?shared")
        expect(look.alert).to_contain_text("The photo that was shared has not arrived.")

    def test_files_that_the_system_opens_start_a_search(self, passer, desk_host, query):
        look = passer.visit(wait=False, photos=5)
        name, data = query
        look.page.add_init_script(
            f"""Object.defineProperty(window, "launchQueue", {{ value: {{ setConsumer(take) {{
                 const file = new File([new Uint8Array({list(data)})], {name!r});
                 take({{ files: [{{ getFile: async () => file }}] }});
               }} }} }});"""
        )
        look.page.reload()
        expect(look.page.locator("#query-name")).to_have_text(name)
        look.wait_until_done()

    def test_the_page_can_be_installed(self, passer, desk_host):
        look = passer.visit()
        session = look.page.context.new_cdp_session(look.page)
        told = session.send("Page.getAppManifest")
        assert told["errors"] == []
        errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        # The profiles of tests are private ones.
        assert [error["errorId"] for error in errors] == ["in-incognito"]
        sizes = look.page.evaluate(
            """async () => {
                 const manifest = await (await fetch("app.webmanifest")).json();
                 const icons = manifest.icons.filter(({ type }) => type === "image/png");
                 return Promise.all(icons.map(async ({ src, sizes }) => {
                   const image = await createImageBitmap(await (await fetch(src)).blob());
                   return [`${image.width}x${image.height}`, sizes];
                 }));
               }"""
        )
        assert all(one == other for one, other in sizes)
        assert len(sizes) == 3
