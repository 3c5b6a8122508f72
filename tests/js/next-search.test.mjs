/** How one search leads to another: from what, where, and whether at all. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { NextSearch } from "../../site/js/app/next-search.js";
import { PhotoFile } from "../../site/js/search/photo-file.js";
import { Search } from "../../site/js/search/search.js";

const OWN = "collection:a";

let searches;
let visible;
let begun;
let ticked;
let only;
let said;
let another;
let next;

beforeEach(() => {
  searches = { shown: null };
  visible = true;
  begun = [];
  ticked = [];
  only = "";
  said = [];
  another = { name: "commons", title: "Wikimedia Commons" };
  next = new NextSearch({
    searches,
    shown: () => (visible ? searches.shown : null),
    tools: {
      confine: (source) => (only = source),
      get another() {
        return another;
      },
      sources: { add: (name) => ticked.push(name) },
    },
    status: { say: (text) => said.push(text) },
    onBegin: (search, how) => begun.push({ search, aside: !!how?.aside }),
  });
});

/** A search that has found two photos, the first of which is liked. */
function found({ ended = true, source = "" } = {}) {
  const search = Search.of(new PhotoFile(new Uint8Array([1]), "cat.jpg"), "a cat");
  search.only = source;
  search.stances.set("dog", "ban");
  for (const i of [0, 1]) {
    const photo = { id: `openverse:${i}`, source: "openverse", title: `Photo ${i}`, tags: [] };
    search.results.add({ photo, score: -i, tag: "cat", twin: null, thumbnail: new Uint8Array([i]), before: false });
  }
  search.marks.set("openverse:0", "liked");
  if (ended) search.abandon("cancelled");
  return (searches.shown = search);
}

const namesOf = ({ queryPhotos }) => queryPhotos.map(({ file }) => file.name);

test("what has ended is searched for again: the same photos, words and tags, in the same place", () => {
  const search = found({ source: OWN });
  next.again();
  const [{ search: again, aside }] = begun;
  assert.notEqual(again, search);
  assert.deepEqual(again.queryPhotos, search.queryPhotos);
  assert.deepEqual([again.text, again.only, [...again.stances]], ["a cat", OWN, [["dog", "ban"]]]);
  assert.deepEqual([again.results.size, aside], [0, false]);
});

test("nothing is searched for again while it runs, nor from the first screen", () => {
  next.again();
  found({ ended: false });
  next.again();
  found();
  visible = false;
  next.again();
  assert.deepEqual(begun, []);
});

test("other settings are for a search that runs, too, and for one behind the first screen", () => {
  next.renew();
  assert.deepEqual(begun, []);
  found({ ended: false });
  next.renew();
  visible = false;
  next.renew();
  assert.equal(begun.length, 2);
});

test("what is made again by itself disturbs nobody, and is what is still on show", () => {
  const search = found();
  next.renewAside(search);
  assert.deepEqual(
    begun.map(({ aside }) => aside),
    [true],
  );
  found({ ended: false });
  next.renewAside(search);
  next.renewAside(searches.shown);
  found();
  visible = false;
  next.renewAside(searches.shown);
  assert.equal(begun.length, 1);
});

test("others like a result are looked for where it was found", () => {
  const search = found({ source: OWN });
  next.more(search.results.find("openverse:1"));
  const [{ search: more }] = begun;
  assert.deepEqual([namesOf(more), more.text, more.only], [["Photo 1"], "", OWN]);
});

test("others like a photo of another search are looked for wherever is ticked", () => {
  const elsewhere = found().results.find("openverse:1");
  found({ source: OWN });
  next.more(elsewhere);
  assert.equal(begun[0].search.only, null);
});

test("a search that another leads to is where that is; the first one is wherever is ticked", () => {
  next.lead(new Search([]));
  found({ source: OWN });
  next.lead(new Search([]));
  assert.deepEqual(
    begun.map(({ search }) => search.only),
    [null, OWN],
  );
});

test("a search is made again in one collection alone, and everywhere again", () => {
  found();
  next.confine(OWN);
  searches.shown = begun[0].search;
  next.confine("");
  assert.deepEqual(
    begun.map(({ search }) => [search.only, namesOf(search)]),
    [
      [OWN, ["cat.jpg"]],
      ["", ["cat.jpg"]],
    ],
  );
  assert.deepEqual([only, said], ["", []]);
});

test("on the first screen it is the next search that is confined, and a photo is asked for", () => {
  found();
  visible = false;
  next.confine(OWN);
  assert.deepEqual([only, said], [OWN, ["Now show it a photo."]]);
  next.confine("");
  assert.deepEqual([only, said.length, begun], ["", 1, []]);
});

test("another service joins as if it had been ticked, and what is liked stays an example", () => {
  found();
  assert.equal(next.another.label, "Search Wikimedia Commons, too");
  assert.deepEqual([ticked, begun], [[], []]);
  next.another.act();
  assert.deepEqual([ticked, namesOf(begun[0].search)], [["commons"], ["cat.jpg", "Photo 0"]]);
});

test("where there is no other service, none is offered; where there is no search, none begins", () => {
  next.another.act();
  assert.deepEqual([ticked, begun], [["commons"], []]);
  another = null;
  assert.equal(next.another, null);
});
