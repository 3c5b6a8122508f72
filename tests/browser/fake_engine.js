/**
 * An engine that says what the real one would, and does no work: in place of js/engine/worker.js
 * in tests of what the page makes of it. What a measure does is told by words in its code.
 */

const told = new BroadcastChannel("fake-engine");
const seen = new Map();
let search = -1;

export async function start({ page }) {
  const post = (message) => page.postMessage(message);
  page.onmessage = ({ data }) => {
    const { type, id, code, name, mark, photo, results, queries, settings, text } = data;
    if (type !== "ping") told.postMessage({ type, id, code, name, mark, photo, settings, text, results: results?.map(({ photo, tag, mark }) => [photo.id, tag, mark]), queries: queries?.map(({ image, weight, crop }) => [image.length, weight, crop]) });
    if (type === "ping") post({ type: "pong", id });
    if (type === "cancel") post({ type: "finished", id, reason: "cancelled", calls: 1, photos: seen.size, seconds: 1, problem: null });
    if (type === "search") begin(post, data);
    if (type === "restore") restore(data);
    if (type === "measure") measure(post, data);
    if (type === "mark") post({ type: "rescored", id, scores: [...seen].map(([each, score]) => ({ id: each, score: each === photo ? 9 : score })), order: null });
  };
  post({ type: "phase", name: "Engine", state: "started", ms: 0 });
  post({ type: "phase", name: "Engine", state: "done", ms: 1 });
  post({ type: "ready", parallel: true, versions: { Python: "3" }, policies: [{ name: "greedy", title: "Greedy", description: "It is.", belief: "Mean" }] });
}

async function begin(post, { id, settings }) {
  search = id;
  seen.clear();
  post({ type: "started", id, seed: 1, guesses: [{ tag: "cat", probability: 0.5 }] });
  for (let i = 0; i < settings.photos; i++) {
    const photo = { id: String(i), title: `Photo ${i}`, tags: ["cat", `t${i}`], thumb_url: `https://live.staticflickr.com/1/${i}_q.jpg`, page_url: `https://www.flickr.com/photos/o/${i}`, owner: `Owner ${i % 3}`, owner_id: "1@N", license: "CC BY 4.0", width: 150, height: 150, uploaded: null };
    if (i === 1) Object.assign(photo, { title: '=HYPERLINK("http://evil.example")', owner: "<img src=x onerror=alert(1)>" });
    seen.set(photo.id, 1 - i / 1000);
    post({ type: "scored", id, photo, score: 1 - i / 1000, tag: "cat", twin: null, thumbnail: await thumbnail(i) });
  }
  post({ type: "finished", id, reason: "budget", calls: 3, photos: settings.photos, seconds: 1, problem: null });
}

async function thumbnail(i) {
  const canvas = new OffscreenCanvas(75, 75);
  const context = canvas.getContext("2d");
  context.fillStyle = `hsl(${(i * 37) % 360} 60% 50%)`;
  context.fillRect(0, 0, 75, 75);
  return new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg" })).arrayBuffer());
}

function restore({ id, results }) {
  search = id;
  seen.clear();
  results.forEach(({ photo }, i) => seen.set(photo.id, 1 - i / 1000));
}

function measure(post, { id, code }) {
  const line = code.split("\n").findIndex((text) => text.includes("1 / 0")) + 1;
  if (code.includes("print(")) post({ type: "console", text: "printed by the measure\n" });
  if (code.includes("while True")) for (;;);
  if (line) {
    const problem = { code: "score", message: "embs2score failed: ZeroDivisionError: division by zero", advice: "Mend that line.", line };
    post({ type: "measured", id, problem, features: "kept", optional: [] });
    return;
  }
  const optional = code.includes("START") ? ["START"] : [];
  const anew = code.includes("LAYER = \"logits\"");
  post({ type: "measured", id, problem: null, features: anew ? "recomputed" : "kept", optional });
  if (code.includes("hangs later")) for (;;);
  if (!seen.size) return;
  if (anew) post({ type: "recomputing", id: search, done: 3, total: seen.size });
  const scores = [...seen].map(([each, score]) => ({ id: each, score: code.includes("backwards") ? -score : score }));
  const order = code.includes("def rank") ? [...seen.keys()].sort((a, b) => Number(a) % 7 - Number(b) % 7) : null;
  setTimeout(() => post({ type: "rescored", id: search, scores, order }), anew ? 3000 : 0);
}
