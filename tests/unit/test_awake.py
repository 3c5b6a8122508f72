"""Time asleep is not silence: lookalike/awake.py, and site/js/awake.js, which node runs."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from in_loop import in_loop
from lookalike.awake import AwakeClock, done_within
from lookalike.collections.progress import Control, Tally

JS = Path(__file__).resolve().parents[2] / "site" / "js"


def test_a_clock_stands_still_while_nobody_reads_it():
    now = [100.0]
    clock = AwakeClock(lambda: now[0], longest=2)
    assert clock() == 0
    now[0] += 1.5
    assert clock() == 1.5
    now[0] += 3600
    assert clock() == 3.5
    now[0] -= 50  # no clock goes back; if one does, nothing comes of it
    assert clock() == 3.5


def test_photos_a_second_are_of_the_time_awake():
    now = [0.0]
    control = Control(AwakeClock(lambda: now[0], longest=2))
    tally = Tally(10, 0, [], control)
    for _ in range(4):
        now[0] += 1
        tally.added()
        tally.report()
    now[0] += 70
    report = tally.report()
    assert report.rate == pytest.approx(4 / 6)
    assert report.seconds_left == pytest.approx(9)


class Sleepy(asyncio.SelectorEventLoop):
    """A loop in which no time passes but what is waited for; at some time, it sleeps an hour."""

    def __init__(self, sleeps_at):
        super().__init__()
        self._now, self._sleeps_at = 0.0, sleeps_at

    def time(self):
        return self._now

    def _run_once(self):
        if not self._ready and self._scheduled:
            self._now = max(self._now, self._scheduled[0]._when)
            if self._now >= self._sleeps_at:
                self._now, self._sleeps_at = self._now + 3600, float("inf")
        super()._run_once()


@pytest.mark.native
@pytest.mark.parametrize("takes", [5, 20])
def test_waiting_counts_time_awake(takes):
    async def run():
        ticks = []
        loop = asyncio.get_running_loop()
        began = loop.time()
        # Done after so many seconds that the loop was awake.
        task = loop.create_future()
        count = [0]

        def step():
            count[0] += 1
            if count[0] == takes * 2:
                task.set_result(None)
            else:
                loop.call_later(0.5, step)

        step()
        done = await done_within(task, 10, lambda: ticks.append(1))
        return done, loop.time() - began, len(ticks)

    loop = Sleepy(3)
    try:
        done, passed, ticks = loop.run_until_complete(run())
    finally:
        loop.close()
    assert done == (takes < 10)
    assert passed > 3600
    assert ticks >= 5


@in_loop
async def test_what_is_done_is_not_waited_for():
    async def nothing():
        pass

    task = asyncio.ensure_future(nothing())
    assert await done_within(task, 10)
    assert await done_within(task, 0)


def node(program, *modules):
    found = shutil.which("node")
    if found is None:
        pytest.skip("needs node")
    imports = "".join(
        f"const {name} = await import({json.dumps((JS / path).as_uri())});\n"
        for name, path in modules
    )
    command = [found, "--input-type=module", "-e", imports + FAKE + program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


FAKE = """
// A machine with a clock of its own, which sleeps from the time `sleepsAt` on for 70 s.
let now = 0, sleepsAt = Infinity, lastTimer = 0;
const timers = new Map();
globalThis.setTimeout = (then, ms = 0) => {
  timers.set(++lastTimer, { at: now + ms, then });
  return lastTimer;
};
globalThis.setInterval = () => 0; // nothing here is about what is done every so often
globalThis.clearTimeout = (id) => void timers.delete(id);
Object.defineProperty(globalThis, "performance", { value: { now: () => now } });
const settled = async () => { for (let i = 0; i < 50; i++) await null; };
const run = async (until) => {
  for (;;) {
    const [id, timer] = [...timers].sort(([, a], [, b]) => a.at - b.at)[0] ?? [];
    if (!timer || timer.at > until) break;
    timers.delete(id);
    now = Math.max(now, timer.at);
    if (now >= sleepsAt) { now += 70_000; sleepsAt = Infinity; }
    timer.then();
    await settled();
  }
  now = Math.max(now, until);
};
"""


@pytest.mark.native
@pytest.mark.parametrize(("sleeps", "when"), [("Infinity", 60_000), ("5_000", 128_000)])
def test_a_wait_in_the_page_counts_time_awake(sleeps, when):
    program = f"""
    sleepsAt = {sleeps};
    let done = null;
    awake.afterAwake(60_000, () => (done = now));
    const stop = awake.afterAwake(1_000, () => (done = "stopped"));
    stop();
    await run(1e6);
    console.log(JSON.stringify(done));
    """
    at = node(program, ("awake", "awake.js"))
    assert abs(at - when) <= 2000


POOL = """
const lanes = [0, 1].map(() => ({ sent: [], postMessage(message) { this.sent.push(message); } }));
const { VisionPool } = pool;
const made = new VisionPool(lanes);
const answer = (lane, id) => lane.onmessage({ data: { type: "outputs", id, outputs: { a: 1 } } });
for (const lane of lanes) lane.onmessage({ data: { type: "loaded" } });
let told = null;
const hear = (outputs) => (told = outputs), fail = (error) => (told = `${error}`);
made.run(new Float32Array(3), [3], ["a"]).then(hear, fail);
"""


@pytest.mark.native
def test_a_network_that_was_asleep_with_the_page_is_waited_for():
    program = f"""
    sleepsAt = 2_000;
    {POOL}
    await run(73_000);
    const before = told;
    answer(lanes[0], 0);
    await settled();
    const sent = lanes.map(({{ sent }}) => sent.length);
    console.log(JSON.stringify([before, told, sent, timers.size]));
    """
    assert node(program, ("pool", "engine/vision-pool.js")) == [None, {"a": 1}, [1, 0], 0]


@pytest.mark.native
def test_a_network_that_is_silent_is_told_and_others_are_asked_until_it_answers():
    program = f"""
    {POOL}
    await run(61_000);
    const silent = told;
    const ask = () => made.run(new Float32Array(3), [3], ["a"]).then(hear, fail);
    const sent = () => lanes.map((lane) => lane.sent.length);
    const counts = [];
    ask(), ask();
    counts.push(sent());
    answer(lanes[0], 0); // late
    ask();
    counts.push(sent());
    for (const id of [0, 1]) answer(lanes[1], id);
    answer(lanes[0], 1);
    await settled();
    console.log(JSON.stringify([silent, counts, told]));
    """
    silent, counts, told = node(program, ("pool", "engine/vision-pool.js"))
    assert silent == "Silence: the vision worker does not answer"
    assert counts == [[1, 2], [2, 2]]
    assert told == {"a": 1}


COURIER = """
const asked = [];
globalThis.fetch = (url, { signal }) => new Promise((resolve, reject) => {
  const failed = () => reject(signal.reason);
  signal.addEventListener("abort", failed);
  asked.push({ url: String(url), resolve, reject });
});
globalThis.self = globalThis;
const told = [], left = [];
const page = { postMessage: (message) => left.push(message) };
const engine = { postMessage: (message) => told.push(message), close() {} };
const search = { q: { kind: "words", after: "" } }, none = { rewritten: [], built: [], links: [] };
const service = { name: "s", title: "S", url: "https://api.example/search", search, ...none };
const services = [{ ...service, most_words: 200, per_minute: null, per_day: null }];
await courier.start({ services, apiUrl: "https://other.example/", page });
page.onmessage({ data: { type: "grant", sources: ["s"], calls: 5, made: {} } });
page.onmessage({ data: { type: "connect", engine } });
engine.onmessage({ data: { type: "get", id: 1, url: "https://api.example/search?q=cat" } });
await settled();
"""


@pytest.mark.native
@pytest.mark.parametrize("lost", [False, True])
def test_what_was_asked_before_the_sleep_is_asked_once_more(lost):
    program = f"""
    sleepsAt = 3_000;
    {COURIER}
    await run(75_000);
    if ({json.dumps(lost)}) asked[0].reject(new TypeError("the connection was reset"));
    await run(90_000);
    asked.at(-1).resolve(new Response("hello"));
    for (let i = 0; i < 20; i++) await new Promise((then) => setImmediate(then));
    console.log(JSON.stringify([asked.length, told.map(({{ status, error }}) => [status, error])]));
    """
    assert node(program, ("courier", "courier/worker.js")) == [2, [[200, None]]]


@pytest.mark.native
def test_a_service_that_does_not_answer_is_given_up_in_time():
    program = f"""
    {COURIER}
    await run(16_000);
    for (let i = 0; i < 20; i++) await new Promise((then) => setImmediate(then));
    console.log(JSON.stringify([asked.length, told.map(({{ error }}) => error.name)]));
    """
    assert node(program, ("courier", "courier/worker.js")) == [1, ["TimeoutError"]]
