/** The first screen, the workspace, and what moves from one to the other. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Showing } from "../../site/js/app/showing.js";
import { openModal } from "../../site/js/ui/modal.js";
import { Dialog } from "./tab.mjs";

const FIRST = { name: "first", end: null };
const ENDED = { name: "ended", end: { reason: "budget" } };

/** Where each part is. */
let places;
/** What the status has told, and what was on show by then. */
let told;
let searches;
let over;
let showing;

beforeEach(() => {
  places = { workspace: false };
  told = [];
  over = [];
  searches = {
    shown: null,
    show(search) {
      this.shown = search;
    },
  };
  const close = (name) => (then) => {
    over = over.filter((each) => each !== name);
    then();
  };
  showing = new Showing({
    searches,
    intake: {
      show: (search, aside) => aside || Object.assign(places, { intake: "workspace", for: search.name }),
      leave: () => (places.intake = "landing"),
    },
    tools: {
      moveToWorkspace: () => (places.tools = "workspace"),
      moveToLanding: () => (places.tools = "landing"),
      follow: (search) => (places.confined = search.name),
    },
    engine: { phases: { moveTo: (id) => (places.phases = id) } },
    key: { place: () => (places.key = showing.search?.name ?? "landing") },
    status: {
      sayEnd: (search) => search.end && search === showing.search && told.push(`${search.name} has ended`),
      tell: () => told.push(showing.search ? "goes on" : "first screen"),
    },
    workspace: {
      open: () => (places.workspace = true),
      close: () => (places.workspace = false),
      get visible() {
        return places.workspace;
      },
      viewer: { close: close("viewer") },
    },
    shortlistDialog: { close: close("shortlist") },
  });
});

test("what moves is where the search is, and the key is wanted there", () => {
  showing.open(FIRST);
  assert.equal(showing.search, FIRST);
  assert.deepEqual(places, {
    workspace: true,
    intake: "workspace",
    for: "first",
    tools: "workspace",
    confined: "first",
    phases: "workspace-phases",
    key: "first",
  });
});

test("the first screen has it all back, and the search stays behind it", () => {
  showing.open(FIRST);
  showing.leave();
  assert.deepEqual([showing.search, searches.shown], [null, FIRST]);
  const { workspace, intake, tools, phases, key } = places;
  assert.deepEqual([workspace, intake, tools, phases, key], [false, "landing", "landing", "landing-phases", "landing"]);
  assert.deepEqual(told, ["first screen"]);
});

test("how a search has ended is told when it comes on show again", () => {
  showing.open(ENDED);
  showing.leave();
  showing.open(ENDED);
  assert.deepEqual(told, ["ended has ended", "first screen", "ended has ended"]);
});

test("what comes on show by itself leaves the person where they are", () => {
  showing.open(FIRST);
  showing.open(ENDED, true);
  assert.equal(showing.search, ENDED);
  assert.equal(places.for, "first");
  showing.leave();
  showing.open(FIRST, true);
  assert.equal(places.workspace, false);
});

test("what lies over the page is closed first, but for a question about a stranger's code", () => {
  const dialogs = ["settings", "shared", "collections"].map((id) => Object.assign(new Dialog(), { id }));
  for (const dialog of dialogs) openModal(dialog);
  over = ["viewer", "shortlist"];
  let before;
  showing.uncover(() => (before = [...over, ...dialogs.filter(({ open }) => open).map(({ id }) => id)]));
  assert.deepEqual(before, ["shared"]);
});
