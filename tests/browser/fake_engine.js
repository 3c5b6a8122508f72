/**
 * An engine that says what the real one would, and does no work: in place of js/engine/worker.js in tests of what the
 * page makes of it. What a scorer does is told by words in its code, and how a search goes by its seed: at 41 it
 * stays under way, at 42 its last source stops while the others go on, at 43 photos come 40 a second, at 45 the
 * better ones come between the others, each ten of them by a call, at 46 photos have many proportions, at 47 the next two
 * photos are near-duplicates of the second, at 48 services give no calls for the last of the photos. A query file that holds `PROBLEM(…)`, with JSON of {at, code}, brings that problem: at "end" it ends the search, at "last" its last source stops by it, at "wait" the
 * search waits because of it. One that holds "no preview" is drawn for the page.
 */

const KINDS = {
  openverse: { license: "CC BY-SA 2.0", license_url: "https://creativecommons.org/licenses/by-sa/2.0/" },
  commons: { license: "CC BY-SA 4.0", license_url: "https://creativecommons.org/licenses/by-sa/4.0" },
  flickr: { license: "CC BY 4.0", license_url: "" },
};
const BROKEN = {
  code: "bad-photo",
  message: "The PNG file is broken or incomplete.",
  advice: "Choose another copy of the photo.",
  line: null,
};

/** What the site has, of those that photos come of here; by their names. */
let services = new Map();
const seen = new Map();
let search = -1;
let searched = [];

export async function start({ config, page, courier }) {
  services = new Map(config.services.filter(({ name }) => name in KINDS).map((each) => [each.name, offered(each)]));
  const post = (message) => page.postMessage(message);
  // What photos a search finds comes by the courier, which tells the page first.
  const asked = new Map();
  courier.onmessage = ({ data }) => asked.get(data.id)?.();
  const ask = (id) => {
    const answered = new Promise((resolve) => asked.set(id, resolve));
    courier.postMessage({ id });
    return answered;
  };
  page.onmessage = ({ data }) => {
    const { type, id, photo } = data;
    if (data.serial) post({ type: "taken", serial: data.serial });
    if (type === "ping") post({ type: "pong", id });
    if (type === "cancel")
      post({ type: "finished", id, reason: "cancelled", calls: 1, photos: seen.size, seconds: 1, problem: null });
    // Any file is a picture, but one that says that it is broken.
    if (type === "open")
      post({ type: "opened", id, problem: new TextDecoder().decode(data.image).includes("broken") ? BROKEN : null });
    if (type === "search") begin(post, data, ask);
    if (type === "continue") goOn(post, data);
    if (type === "restore") restore(data);
    if (type === "try-scorer") scorer(post, data);
    if (type === "mark")
      post({
        type: "rescored",
        id,
        scores: [...seen].map(([each, score]) => ({ id: each, score: each === photo ? 9 : score })),
        order: null,
        itself: 1,
      });
  };
  post({ type: "phase", name: "Engine", state: "started", ms: 0 });
  post({ type: "phase", name: "Engine", state: "done", ms: 1 });
  post({
    type: "ready",
    versions: { Python: "3" },
    policies: [{ name: "greedy", title: "Greedy", description: "It is.", estimate: "Mean" }],
    services: [...services.values()],
  });
}

function offered({ name, title, key, filters, per_minute, per_day }) {
  return { name, title, key, filters, per_minute, per_day };
}

async function begin(post, { id, queries, settings, made }, ask) {
  const trouble = troubleOf(queries[0]?.image);
  search = id;
  seen.clear();
  const { photos, sources, seed, filters } = settings;
  mixed = seed === 46;
  searched = sources;
  if (new TextDecoder().decode(queries[0]?.image).includes("no preview"))
    post({ type: "drawn", id, index: 0, image: await thumbnail(0) });
  post({ type: "started", id, seed: 1, guesses: [{ tag: "cat", probability: 0.5 }] });
  for (const source of sources) {
    post({ type: "queried", id, tag: "cat", found: 20, new: 20, dropped: 0, source });
  }
  // Nobody is asked for photos of one's own.
  if (!sources.every(isOwn)) await ask(id);
  const found = seed === 48 ? photos - 1 : photos;
  for (let i = 0; i < found; i++) {
    if (seed === 43) await new Promise((resolve) => setTimeout(resolve, 25));
    const photo = photoOf(i, sources[i % sources.length]);
    const score = seed === 45 ? 0.2 + (0.7 * i) / photos + ((i * 37) % 100) / 1000 : 1 - i / 1000;
    seen.set(photo.id, score);
    if (seed === 45 && i % 10 === 9)
      post({ type: "queried", id, tag: "cat", found: 20, new: 0, dropped: 0, source: sources[0] });
    post({
      type: "scored",
      id,
      photo,
      score,
      tag: "cat",
      twin: seed === 47 && (i === 2 || i === 3) ? "1" : null,
      thumbnail: await thumbnail(i),
      itself: 1,
      before: seed === 44 && i % 2 === 0,
    });
  }
  const spent = { calls: 3, photos: found, seconds: 1 };
  const filtered = filters.license === "any" ? [] : [{ why: "Its licence does not allow that.", count: 7 }];
  const services = sources.map((name, i) =>
    progressOf(name, photos, made[name] ?? [], seed === 42 && i === sources.length - 1),
  );
  const told = trouble.problem;
  if (trouble.at === "wait") post({ type: "troubled", id, problem: told });
  else if (told) Object.assign(services.at(-1), { problem: told, ended: true });
  post({ type: "progress", id, ...spent, asking: ["cat"], estimates: [], unseen: [], services, filtered });
  if (seed === 41 || trouble.at === "wait") return;
  const failed = trouble.at === "end";
  post({ type: "finished", id, reason: failed ? "failed" : "budget", ...spent, problem: failed ? told : null });
}

/** What a query file says is to go wrong. */
function troubleOf(image) {
  const [, json] = /PROBLEM\((.*)\)/.exec(new TextDecoder().decode(image)) ?? [];
  if (!json) return { at: "", problem: null };
  const { at, code } = JSON.parse(json);
  return { at, problem: { code, message: `It is ${code}.`, advice: "Do this.", line: null } };
}

/** A search that goes on finds half of what it may look at, and has settled. */
async function goOn(post, { id, photos }) {
  const all = seen.size + photos / 2;
  for (let i = seen.size; i < all; i++) {
    const photo = photoOf(i, searched[i % searched.length]);
    seen.set(photo.id, 1 - i / 1000);
    post({
      type: "scored",
      id,
      photo,
      score: 1 - i / 1000,
      tag: "cat",
      twin: null,
      thumbnail: await thumbnail(i),
      itself: 1,
    });
  }
  post({ type: "finished", id, reason: "settled", calls: 5, photos: all, seconds: 2, problem: null });
}

/** How many proportions there are; widths of photos that are 100 high. */
const MIXED = [150, 133, 67, 150, 75, 178, 133, 100, 150, 320, 67, 133, 150, 56, 150, 133, 240, 75, 150];
let mixed = false;

/** Photos lie, stand and are square by turns. */
function sizeOf(i) {
  if (mixed) return [MIXED[(i * i + 3 * i) % MIXED.length], 100];
  return [
    [150, 100],
    [100, 150],
    [120, 120],
  ][i % 3];
}

function photoOf(i, source) {
  const [width, height] = sizeOf(i);
  const id = isOwn(source) ? `${source}:${i}.jpg` : String(i);
  const photo = {
    id,
    title: `Photo ${i}`,
    tags: ["cat", `t${i}`],
    thumb_url: `https://live.staticflickr.com/1/${i}_q.jpg`,
    page_url: `https://www.flickr.com/photos/o/${i}`,
    owner: `Owner ${i % 3}`,
    owner_id: "1@N",
    width,
    height,
    uploaded: null,
    source,
    license: "",
    license_url: "",
    ...KINDS[source],
    attribution: "",
    full_width: 0,
    full_height: 0,
    sensitive: false,
    large_url: source === "commons" ? "" : `https://live.staticflickr.com/1/${i}_b.jpg`,
  };
  if (source === "openverse")
    photo.attribution = `"${photo.title}" by ${photo.owner} is licensed under CC BY-SA 2.0. To view a copy of this license, visit ${photo.license_url}?ref=openverse.`;
  if (isOwn(source)) return { ...photo, thumb_url: "", page_url: "", large_url: "" };
  if (i === 0) Object.assign(photo, { full_width: 4000, full_height: 3000, uploaded: 1_600_000_000 });
  if (i === 1)
    Object.assign(photo, {
      title: '=HYPERLINK("http://evil.example")',
      owner: "<img src=x onerror=alert(1)>",
      attribution: "",
    });
  if (i === 2 && source !== "flickr") Object.assign(photo, { license_url: "javascript:alert(1)" });
  return photo;
}

function progressOf(name, photos, made, stops) {
  const { title = name, per_minute = null, per_day = null } = services.get(name) ?? {};
  const problem = stops
    ? { code: key(name), message: `${title} has stopped answering.`, advice: "The others go on.", line: null }
    : null;
  return {
    name,
    title,
    calls: 1,
    photos,
    minute_left: per_minute && per_minute - 1,
    day_left: per_day && per_day - 1 - made.length,
    ended: stops,
    problem,
  };
}

/** Whether a source is a collection. */
function isOwn(source) {
  return source.startsWith("collection:");
}

/** A stopped Flickr has refused the key. */
function key(name) {
  return name === "flickr" ? "key-rejected" : "source";
}

async function thumbnail(i) {
  const canvas = new OffscreenCanvas(...sizeOf(i));
  const context = canvas.getContext("2d");
  context.fillStyle = `hsl(${(i * 37) % 360} 60% 50%)`;
  context.fillRect(0, 0, 320, 150);
  return new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg" })).arrayBuffer());
}

function restore({ id, results }) {
  search = id;
  seen.clear();
  for (const { photo } of results) seen.set(photo.id, 1 - Number(photo.id) / 1000);
}

function scorer(post, { id, code }) {
  const line = code.split("\n").findIndex((text) => text.includes("1 / 0")) + 1;
  if (code.includes("print(")) post({ type: "console", text: "printed by the score function\n" });
  if (code.includes("while True")) for (;;);
  if (line) {
    const problem = {
      code: "score",
      message: "embs2score failed: ZeroDivisionError: division by zero",
      advice: "Mend that line.",
      line,
    };
    post({ type: "scorer-tried", id, problem, features: "kept", optional: [] });
    return;
  }
  const optional = code.includes("START") ? ["START"] : [];
  const again = code.includes('LAYER = "logits"');
  post({ type: "scorer-tried", id, problem: null, features: again ? "recomputed" : "kept", optional });
  if (code.includes("hangs later")) for (;;);
  if (!seen.size) return;
  if (again) post({ type: "recomputing", id: search, done: 3, total: seen.size });
  const scores = [...seen].map(([each, score]) => ({ id: each, score: code.includes("backwards") ? -score : score }));
  const order = code.includes("def rank") ? [...seen.keys()].sort((a, b) => (Number(a) % 7) - (Number(b) % 7)) : null;
  setTimeout(
    () => post({ type: "rescored", id: search, scores, order, itself: code.includes("backwards") ? -1 : 1 }),
    again ? 3000 : 0,
  );
}
