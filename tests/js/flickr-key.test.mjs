/** When the key to Flickr is asked for, where, and what follows from it. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/** As much of an element as the panel needs. */
class Element {
  textContent = "";
  value = "";
  hidden = false;
  ariaPressed = null;
  parentElement = null;
  listeners = {};
  classList = { toggle() {} };

  addEventListener(type, act) {
    this.listeners[type] = act;
  }

  append(child) {
    child.parentElement = this;
  }

  checkVisibility() {
    return !this.hidden && this.parentElement !== null && !this.parentElement.hidden;
  }

  focus() {
    focused = this;
  }

  select() {}
}

for (const kind of ["HTMLElement", "HTMLInputElement", "HTMLButtonElement", "HTMLFormElement"])
  globalThis[kind] = Element;

const { FlickrKey } = await import("../../site/js/settings/flickr-key.js");

const [KEY, OTHER] = ["a", "b"].map((digit) => digit.repeat(32));
const REFUSED = "Flickr does not accept this key. See that it is whole, or make another one.";

/** What the page has by its id. @type {Map<string, Element>} */
let elements;
let focused;
let preferences;
let need;
let did;
let otherTab;
let key;

const at = (id) => document.getElementById(id);

beforeEach(() => {
  elements = new Map();
  focused = null;
  preferences = { key: "", keep: () => did.push("settings kept") };
  need = { shown: null, wanted: true, others: false };
  did = [];
  globalThis.document = {
    getElementById(id) {
      if (!elements.has(id)) elements.set(id, Object.assign(new Element(), { id }));
      return elements.get(id);
    },
  };
  globalThis.addEventListener = (type, act) => {
    if (type === "storage") otherTab = act;
  };
});

/** The page's key, with one that is known or none. */
function open(known = "") {
  preferences.key = known;
  key = new FlickrKey(
    preferences,
    { setKey: (used) => did.push(`uses ${used[0] ?? "none"}`) },
    {
      shown: () => need.shown,
      wanted: () => need.wanted,
      others: () => need.others,
      onChanged: () => did.push(`changed, ${key.usable ? "usable" : "not usable"}`),
      onGiven: (mended) => did.push(mended ? "mended" : "given"),
    },
  );
  key.place();
  did = [];
}

function give(text) {
  at("key").value = text;
  at("key-form").listeners.submit({ preventDefault() {} });
}

/** Where the panel is, and what it says of what waits. */
const asked = () => (at("key-panel").hidden ? null : [at("key-panel").parentElement.id, at("key-waiting").textContent]);

test("a key is asked for where one is wanted, and a search that waits for it says so", () => {
  open();
  assert.deepEqual(asked(), ["landing-key", ""]);
  need.shown = { active: true };
  key.place();
  assert.deepEqual(asked(), ["workspace-key", "Your search waits here; it starts as soon as there is a key."]);
});

test("beside other services it is asked for on the first screen alone", () => {
  need.others = true;
  open();
  assert.deepEqual(asked(), ["landing-key", "Until there is a key, the search goes without Flickr."]);
  need.shown = { active: true };
  key.place();
  assert.equal(asked(), null);
});

test("nobody is asked where no service wants a key, or there is one", () => {
  need.wanted = false;
  open();
  assert.equal(asked(), null);
  need.wanted = true;
  open(KEY);
  assert.equal(asked(), null);
});

test("a key that is given is used before anything follows from it, and settings are kept with it", () => {
  open();
  give(KEY);
  assert.deepEqual(did, ["uses a", "changed, usable", "settings kept", "given"]);
  assert.equal(preferences.key, KEY);
});

test("what is no key is not used", () => {
  open();
  give("abc");
  give("");
  assert.deepEqual([did, preferences.key], [[], ""]);
});

test("a key that is forgotten is none that was given", () => {
  open(KEY);
  at("key-forget").listeners.click();
  assert.deepEqual([did, preferences.key], [["uses none", "changed, not usable"], ""]);
});

test("a key that was refused is asked for at the field, and another one mends it", () => {
  open(KEY);
  assert.equal(key.usable, true);
  assert.equal(key.refuse(), true);
  assert.deepEqual([key.usable, asked()?.[0], at("key-hint").textContent], [false, "landing-key", REFUSED]);
  assert.equal(focused, at("key"));
  give(OTHER);
  assert.deepEqual(did, ["uses b", "changed, usable", "settings kept", "mended"]);
  give(KEY);
  assert.equal(did.at(-1), "given");
});

test("where others are searched, a refused key is told of elsewhere until somebody asks", () => {
  need.others = true;
  need.shown = { active: true };
  open(KEY);
  assert.deepEqual([key.refuse(), asked(), focused], [false, null, null]);
  key.placeInSettings();
  key.ask();
  assert.deepEqual([asked(), focused, at("key-hint").textContent], [["settings-key", ""], at("key"), REFUSED]);
});

test("a key that another tab was given is used here, and none was given here", () => {
  open();
  preferences.key = KEY;
  otherTab();
  otherTab();
  assert.deepEqual([did, at("key").value], [["uses a", "changed, usable"], KEY]);
});

test("what is typed and not entered is taken where a key is missing, and else is not", () => {
  open();
  at("key").value = KEY;
  key.takeTyped();
  at("key").value = OTHER;
  key.takeTyped();
  assert.deepEqual([preferences.key, did], [KEY, ["uses a"]]);
});
