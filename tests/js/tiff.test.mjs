import assert from "node:assert/strict";
import test from "node:test";
import { openTiff } from "../../site/js/tiff/tiff.js";

const WIDTH = 12;
const ROWS = [
  [0b10110000, 0b11110000],
  [0b00001111, 0b01010000],
];

/** A TIFF file in black and white, of one bit a pixel. @param {boolean} said  Whether it says so. */
function drawing(said) {
  const entries = [
    [256, WIDTH],
    [257, ROWS.length],
    ...(said ? [[258, 1]] : []),
    [259, 1], // not packed
    [262, 1], // black is 0
    [273, 8], // where the pixels are
    [277, 1],
    [278, ROWS.length],
    [279, 2 * ROWS.length],
  ];
  const view = new DataView(new ArrayBuffer(12 + 2 + 12 * entries.length + 4));
  [0x49, 0x49, 42, 0, 12, 0, 0, 0, ...ROWS.flat()].forEach((byte, at) => view.setUint8(at, byte));
  view.setUint16(12, entries.length, true);
  entries.forEach(([tag, value], place) => {
    const at = 14 + 12 * place;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, 3, true);
    view.setUint32(at + 4, 1, true);
    view.setUint16(at + 8, value, true);
  });
  return new Uint8Array(view.buffer);
}

for (const said of [true, false]) {
  test(`black and white is opened where the file ${said ? "says" : "does not say"} how deep it is`, async () => {
    const opened = await openTiff(drawing(said));
    assert.ok(opened);
    assert.deepEqual([opened.type, opened.width, opened.height, opened.channels, opened.bits], ["u1", WIDTH, 2, 1, 1]);
    const bits = ROWS.flatMap(([first, second]) => [...((first << 8) | second).toString(2).padStart(16, "0")]);
    const expected = bits.filter((_, place) => place % 16 < WIDTH).map(Number);
    assert.deepEqual([...opened.values], expected);
  });
}
