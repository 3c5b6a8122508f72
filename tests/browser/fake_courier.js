/**
 * A courier that asks nobody: in place of js/courier/worker.js, beside fake_engine.js. It says that each service was
 * called once, and that the answers held the addresses of the fake engine's photos. Pictures that the page asks for
 * are of one colour; larger ones have the proportions of the fake engine's photos. The picture of photo 9 comes when the
 * next search begins.
 */

const LICENCES = ["https://creativecommons.org/licenses/by-sa/2.0/", "https://creativecommons.org/licenses/by-sa/4.0"];

/** None at the address of photo 7. */
async function picture(address) {
  if (address.includes("/7_")) return new Uint8Array();
  const large = /(\d+)_b\.jpg$/.exec(address);
  const sizes = [
    [600, 400],
    [400, 600],
    [480, 480],
  ];
  const [width, height] = large ? sizes[large[1] % 3] : [120, 90];
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.fillStyle = `hsl(${address.length * 37} 60% 50%)`;
  context.fillRect(0, 0, width, height);
  return new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg" })).arrayBuffer());
}

export async function start({ page }) {
  let begun = () => {};
  const late = new Promise((resolve) => (begun = resolve));
  let [granted, unlearnt, waiting] = [0, 0, []];
  const answer = () => {
    while (granted && waiting.length) {
      granted -= 1;
      const { engine, id } = waiting.shift();
      engine.postMessage({ type: "answer", id });
    }
  };
  page.onmessage = async ({ data: { type, sources, engine, id, source, address } }) => {
    if (type === "picture") {
      page.postMessage({ type: "asked", source, kind: "picture", words: address, at: Date.now() / 1000 });
      if (address.includes("/9_")) await late;
      page.postMessage({ type: "pictured", id, body: await picture(address) });
    }
    // Nothing is ever kept of what it says.
    if (type === "tally" || type === "forget-answers")
      page.postMessage({ type: "tallied", id, tally: { answers: 0, bytes: 0, lasting: true } });
    if (type === "connect") {
      granted = 0;
      waiting = [];
      engine.onmessage = ({ data }) => {
        waiting.push({ engine, id: data.id });
        answer();
      };
    }
    // The engine goes on when the page knows the addresses, as with the real one.
    if (type === "learnt" && --unlearnt === 0) {
      granted += 1;
      answer();
    }
    if (type !== "grant") return;
    begun();
    const photos = Array.from({ length: 520 }, (_, i) => [
      `https://live.staticflickr.com/1/${i}_q.jpg`,
      `https://live.staticflickr.com/1/${i}_b.jpg`,
      `https://www.flickr.com/photos/o/${i}`,
    ]);
    for (const source of sources) {
      page.postMessage({ type: "asked", source, kind: "call", words: "cat", at: Date.now() / 1000 });
      page.postMessage({ type: "found", id: 0, source, addresses: [...photos.flat(), ...LICENCES] });
      unlearnt += 1;
    }
  };
}
