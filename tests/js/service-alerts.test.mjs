/** What is said of services that stop while others are searched. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ServiceAlerts } from "../../site/js/sources/service-alerts.js";

/** What is on show, by code: the advice. @type {Map<string, string>} */
let shown;
let alerts;

beforeEach(() => {
  shown = new Map();
  alerts = new ServiceAlerts({
    show: ({ message, advice }, { code }) => shown.set(code, `${message} ${advice}`),
    told: ({ message }) => [...shown.values()].some((text) => text.includes(message)),
    clear: (code) => shown.delete(code),
  });
});

/** A progress message, by what stops each service; null where it goes on. */
function progress(problems, id = 1) {
  const services = Object.entries(problems).map(([name, advice]) => ({
    name,
    ended: advice !== null,
    problem: advice === null ? null : { code: "closed", message: `${name} stopped.`, advice, line: null },
  }));
  return { type: "progress", id, services };
}

test("what goes on beside a service that has stopped is said as it is", () => {
  alerts.receive(progress({ ant: null, bee: null, cow: null }));
  assert.equal(shown.size, 0);
  alerts.receive(progress({ ant: "Bee and Cow go on.", bee: null, cow: null }));
  alerts.receive(progress({ ant: "Cow goes on.", bee: "Cow goes on.", cow: null }));
  assert.deepEqual([...shown.values()], ["ant stopped. Cow goes on.", "bee stopped. Cow goes on."]);
  alerts.receive(progress({ ant: "", bee: "", cow: null }));
  assert.deepEqual([...shown.values()], ["ant stopped. ", "bee stopped. "]);
  // The end of the search tells of the last one.
  alerts.receive(progress({ ant: "", bee: "", cow: "" }));
  assert.equal(shown.size, 2);
});

test("what was dismissed is not said again, until it happens again", () => {
  alerts.receive(progress({ ant: "Bee goes on.", bee: null }));
  shown.clear();
  alerts.receive(progress({ ant: "", bee: null }));
  assert.equal(shown.size, 0);
  alerts.receive(progress({ ant: null, bee: null }));
  alerts.receive(progress({ ant: "Bee goes on.", bee: null }));
  assert.equal(shown.size, 1);
});

test("a service that is searched again when the search goes on is not said to have stopped", () => {
  alerts.receive(progress({ ant: "Bee goes on.", bee: null }));
  alerts.receive(progress({ ant: null, bee: null }));
  assert.equal(shown.size, 0);
});

test("another search tells its own", () => {
  alerts.receive(progress({ ant: "Bee goes on.", bee: null }));
  shown.clear();
  alerts.receive(progress({ ant: "Bee goes on.", bee: null }, 2));
  assert.equal(shown.size, 1);
});
