/** Dialogs that are steps of the history: each way out leads one step back, and no further. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { HistoryDialog, VISIT } from "../../site/js/ui/history-dialog.js";
import { Dialog, Tab } from "./tab.mjs";

let tab;
let said;

beforeEach(() => {
  tab = new Tab();
  said = [];
});

function made(name, returns) {
  const dialog = new Dialog();
  const kept = new HistoryDialog(dialog, name, {
    onShow: () => {
      dialog.showModal();
      said.push(`${name} shown`);
    },
    onClosed: () => said.push(`${name} closed`),
    returns,
  });
  return { dialog, kept };
}

test("Close leads one step back, and Back and Forward do the same", () => {
  const { dialog, kept } = made("viewer");
  kept.show();
  assert.deepEqual([dialog.open, tab.steps], [true, [null, { viewer: VISIT }]]);
  kept.close();
  assert.ok(dialog.open, "until the history has moved");
  tab.move();
  assert.deepEqual([dialog.open, tab.place], [false, 0]);
  history.forward();
  tab.move();
  assert.ok(dialog.open);
  history.back();
  tab.move();
  assert.deepEqual(said, ["viewer shown", "viewer closed", "viewer shown", "viewer closed"]);
});

test("closed twice at once, it goes one step back", () => {
  const { dialog, kept } = made("viewer");
  kept.show();
  kept.close();
  kept.close();
  dialog.escape();
  tab.move();
  assert.deepEqual([dialog.open, tab.place, said], [false, 0, ["viewer shown", "viewer closed"]]);
});

test("what follows is not lost by another close, nor done twice", () => {
  const { dialog, kept } = made("viewer");
  kept.show();
  kept.close(() => said.push("more"));
  kept.close(() => said.push("more, again"));
  dialog.escape();
  tab.move();
  assert.deepEqual([dialog.open, said], [false, ["viewer shown", "more"]]);
  kept.show();
  kept.close();
  tab.move();
  assert.equal(said.at(-1), "viewer closed");
});

test("a browser that closes it by itself keeps nothing back that follows", () => {
  const { dialog, kept } = made("viewer");
  kept.show();
  dialog.escape(true);
  tab.move();
  assert.deepEqual([tab.place, said], [0, ["viewer shown", "viewer closed"]]);
});

test("after a reload it opens and closes on a step that it had before", () => {
  // Of the visit before; a browser keeps the steps.
  tab.steps = [null, { shortlist: VISIT - 1 }];
  tab.place = 1;
  const { dialog, kept } = made("shortlist");
  kept.show();
  kept.close();
  tab.move();
  assert.deepEqual([dialog.open, tab.place], [false, 1]);
  history.back();
  history.forward();
  tab.move();
  assert.ok(!dialog.open, "what the last visit had open stays closed");
});

test("one over the other closes first, and both where the other is to close, too", () => {
  const [upper, lower] = [made("viewer"), made("shortlist")];
  lower.kept.show();
  upper.kept.show();
  upper.kept.close();
  tab.move();
  assert.deepEqual([upper.dialog.open, lower.dialog.open], [false, true]);
  upper.kept.show();
  upper.kept.close(() => lower.kept.close(() => said.push("more")));
  tab.move();
  assert.deepEqual([upper.dialog.open, lower.dialog.open, tab.place, said.at(-1)], [false, false, 0, "more"]);
});

test("a step that was made meanwhile leaves it open, and it can be closed", () => {
  const { dialog, kept } = made("viewer");
  kept.show();
  kept.close();
  history.pushState({ search: 2 }, "");
  tab.move();
  assert.ok(dialog.open);
  kept.close();
  tab.move();
  assert.deepEqual([dialog.open, tab.place], [false, 0]);
});

test("on another step than its own it closes at once", () => {
  const { dialog, kept } = made("viewer");
  kept.show();
  history.pushState({ search: 2 }, "");
  kept.close();
  assert.deepEqual([dialog.open, tab.place], [false, 2]);
});

test("it is not shown again where it cannot be, and what follows a closed one follows at once", () => {
  const { dialog, kept } = made("viewer", ({ search }) => search === 1);
  kept.show();
  kept.close();
  tab.move();
  history.forward();
  tab.move();
  assert.ok(!dialog.open);
  kept.close(() => said.push("at once"));
  assert.equal(said.at(-1), "at once");
});
