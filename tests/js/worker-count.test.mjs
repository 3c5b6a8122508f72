/** How many vision workers there are, on devices that are played here, with their clocks. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { most, WorkerCount } from "../../site/js/client/worker-count.js";

/** A device whose workers together describe so many photos a second, by how many they are. */
class Device {
  now = 0;
  /** How many workers there were to be, whenever that changed. */
  counts = [];

  constructor(processors, rate, { phone = false } = {}) {
    this.rate = rate;
    this.count = new WorkerCount(processors, phone, () => this.now);
    this.counts.push(this.count.wanted);
  }

  /** Describe photos, while each worker has so many to do. */
  work(photos, load = 2) {
    for (let photo = 0; photo < photos; photo++) {
      const { wanted } = this.count;
      const index = photo % wanted;
      for (let each = 0; each < wanted; each++) this.report(each, load, 0);
      this.now += 1000 / this.rate(wanted);
      this.report(index, load, 1);
    }
  }

  /** Nobody asks for anything. */
  rest(milliseconds) {
    for (let each = 0; each < this.count.wanted; each++) this.report(each, 0, 0);
    this.now += milliseconds;
  }

  report(index, load, photos) {
    this.count.report(index, load, photos);
    if (this.count.wanted !== this.counts.at(-1)) this.counts.push(this.count.wanted);
  }
}

test("there are no more than processors, phones have two workers, and there is always one", () => {
  assert.deepEqual(
    [1, 2, 3, 4, 8, 64].map((processors) => most(processors, false)),
    [1, 2, 3, 4, 8, 10],
  );
  assert.deepEqual(
    [1, 2, 3, 8].map((processors) => most(processors, true)),
    [1, 2, 2, 2],
  );
});

test("where each worker adds its rate, there are as many as cores allow", () => {
  const device = new Device(8, (workers) => 30 * workers);
  device.work(1000);
  assert.deepEqual(device.counts, [2, 3, 4, 5, 6, 7, 8]);
  assert.equal(device.count.tried, null);
});

test("one that adds less than a tenth goes again, and no other is tried", () => {
  const device = new Device(8, (workers) => 30 * Math.min(workers, 4) + workers);
  device.work(1000);
  assert.deepEqual(device.counts, [2, 3, 4, 5, 4]);
});

test("one that makes all slower goes again", () => {
  const device = new Device(8, (workers) => 60 - 10 * workers);
  device.work(1000);
  assert.deepEqual(device.counts, [2, 3, 2]);
});

test("a device begins with two, if it has the processors; a phone stays with them", () => {
  const linear = (workers) => 30 * workers;
  const all = [new Device(8, linear, { phone: true }), ...[4, 3, 2, 1].map((count) => new Device(count, linear))];
  for (const device of all) device.work(1000);
  assert.deepEqual(
    all.map(({ counts }) => counts),
    [[2], [2, 3, 4], [2, 3], [2], [1]],
  );
});

test("where nothing waits for the network, none is tried", () => {
  const device = new Device(8, (workers) => 30 * workers);
  device.work(1000, 1);
  assert.deepEqual(device.counts, [2]);
});

test("time in which a worker has nothing to do makes no rate look bad", () => {
  const device = new Device(8, (workers) => 30 * workers);
  for (let search = 0; search < 100; search++) {
    device.work(10);
    device.rest(60_000);
  }
  assert.deepEqual(device.counts, [2, 3, 4, 5, 6, 7, 8]);
});

test("what a new worker needs to get warm is not counted", () => {
  const device = new Device(3, (workers) => 30 * workers);
  device.work(50);
  assert.deepEqual(device.counts, [2, 3]);
  device.rate = () => 5;
  device.work(10);
  device.rate = () => 90;
  device.work(100);
  assert.deepEqual(device.counts, [2, 3]);
  assert.equal(device.count.tried, null);
});

test("one that cannot be had is not tried again", () => {
  const device = new Device(8, (workers) => 30 * workers);
  device.work(50);
  assert.equal(device.count.tried, 2);
  device.count.fail();
  device.work(1000);
  assert.deepEqual(device.counts, [2, 3, 2]);
});

test("nothing that is told has it want more than the most", () => {
  const device = new Device(3, (workers) => 30 * workers);
  for (let time = 0; time < 1000; time++) {
    device.now += time % 7;
    for (const index of [0, 1, 2, 3, 50]) device.report(index, time * 1000, 999);
  }
  assert.ok(device.count.wanted <= 3);
  assert.ok(device.counts.every((count) => count >= 2 && count <= 3));
});
