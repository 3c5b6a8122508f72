/** The photos of a collection, of which some are removed: never others than those on show. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/** As much of an element as the list needs. */
class Element {
  textContent = "";
  hidden = false;
  value = "";
  checked = false;
  ariaDisabled = null;
  children = [];
  parts = new Map();
  listeners = {};

  addEventListener(type, act) {
    this.listeners[type] = act;
  }

  append(...items) {
    this.children.push(...items);
  }

  replaceChildren(...items) {
    this.children = items;
  }

  querySelector(selector) {
    if (!this.parts.has(selector)) this.parts.set(selector, new Element());
    return this.parts.get(selector);
  }

  querySelectorAll(selector) {
    return this.children.map((child) => child.querySelector(selector));
  }

  focus() {}

  get content() {
    return new Element();
  }

  get firstElementChild() {
    return new Element();
  }

  click() {
    return this.listeners.click?.();
  }
}

for (const kind of ["", "Input", "Button", "LI", "Image", "Template"]) globalThis[`HTML${kind}Element`] = Element;
const { PhotoList } = await import("../../site/js/collections/photo-list.js");

const MODEL = { name: "m", hash: "" };
const A = { id: "a", name: "A", model: MODEL };
const B = { id: "b", name: "B", model: MODEL };

/** What the page has by its id. @type {Map<string, Element>} */
let page;
let shelf;
let list;

beforeEach(() => {
  page = new Map();
  globalThis.document = {
    baseURI: "http://site.test/",
    getElementById(id) {
      if (!page.has(id)) page.set(id, new Element());
      return page.get(id);
    },
    importNode: (element) => element,
  };
  globalThis.fetch = async () => new Response("{}");
  shelf = new SlowShelf({ a: ["1.jpg", "2.jpg", "3.jpg"], b: ["1.jpg", "9.jpg"] });
  const library = { shelf, change: (change) => change(shelf).then(() => null) };
  list = new PhotoList(library, { onOpen() {}, onBack() {}, onFailed() {} });
});

/** A shelf that answers when it may. */
class SlowShelf {
  removed = [];
  waits = new Map();

  constructor(photos) {
    this.photos = photos;
  }

  /** Have the reading of a collection, or what is done to it, wait until the function given is called. */
  hold(what) {
    let go = () => {};
    this.waits.set(what, new Promise((resolve) => (go = resolve)));
    return go;
  }

  async entries(id, after) {
    await this.waits.get(id);
    if (after) return [];
    return this.photos[id].map((name) => ({ id: name, tags: [], classes: new Uint8Array() }));
  }

  async thumbnails(_, ids) {
    return ids.map(() => null);
  }

  async remove(id, ids) {
    await this.waits.get("remove");
    this.removed.push([id, ids]);
  }
}

const onShow = () => page.get("own-photos-list").children.map((item) => item.title);
const said = () => page.get("own-photos-count").textContent;

/** Select the photo of this place. */
function select(place) {
  const box = page.get("own-photos-list").children[place].querySelector("input");
  box.checked = true;
  box.listeners.change();
}

test("a collection that was left while it was read does not take the place of the one on show", async () => {
  const go = shelf.hold("a");
  const late = list.open(A);
  list.close();
  await list.open(B);
  go();
  await late;
  assert.deepEqual([onShow(), said()], [["1.jpg", "9.jpg"], "2 photos"]);
  page.get("own-photos-all").click();
  await page.get("own-photos-remove").click();
  assert.deepEqual(shelf.removed, [["b", ["1.jpg", "9.jpg"]]]);
});

test("what is selected while others are removed stays, selected", async () => {
  await list.open(A);
  const go = shelf.hold("remove");
  select(0);
  const removing = page.get("own-photos-remove").click();
  select(2);
  go();
  await removing;
  assert.deepEqual(shelf.removed, [["a", ["1.jpg"]]]);
  assert.deepEqual(onShow(), ["2.jpg", "3.jpg"]);
  assert.equal(page.get("own-photos-list").children[1].querySelector("input").checked, true);
});

test("what is removed of a collection that was left is not told of the one on show", async () => {
  await list.open(A);
  const go = shelf.hold("remove");
  select(0);
  const removing = page.get("own-photos-remove").click();
  list.close();
  await list.open(B);
  go();
  await removing;
  assert.deepEqual([onShow(), said()], [["1.jpg", "9.jpg"], "2 photos"]);
});
