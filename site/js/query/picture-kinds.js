import { hex } from "../hex.js";

/**
 * How files of pictures begin that the engine may open, as hexadecimal numbers; py/lookalike/formats/kinds.py has the
 * same list.
 */
const STARTS = [
  "ffd8", // JPEG
  "89504e470d0a1a0a", // PNG
  "474946383761",
  "474946383961", // GIF
  "424d", // BMP
  "49492a00",
  "4d4d002a",
  "49492b00",
  "4d4d002b", // TIFF, and most cameras' raw files
  "46554a4946494c4d4343442d524157",
  "4949524f",
  "49495253",
  "4d4d4f52",
  "49495500",
  "49491a0000004845415043434452",
  "004d524d",
  "464f5662", // raw files
];

/**
 * Files that many have among their photos and that are none, or of a kind that is opened nowhere here. @type
 * {[string, string][]}
 */
const OTHERS = [
  ["25504446", "PDF"],
  ["38425053", "Photoshop"],
  ["ff0a", "JPEG XL"],
  ["0000000c4a584c20", "JPEG XL"],
  ["0000000c6a502020", "JPEG 2000"],
];

/** Brands of films, whose files begin as those of HEIC photos do. */
const FILMS = /^(isom|iso[2-9]|mp4[12]|avc1|qt {2}|M4[AVP] |3g[gp]|dash|mmp4|f4v )/;

/**
 * Whether a file may be a picture, by its first bytes: only what opens it knows more.
 * @param {Uint8Array} bytes
 */
export function mayBePicture(bytes) {
  const start = hex(bytes.subarray(0, 16));
  if (STARTS.some((known) => start.startsWith(known))) return true;
  if (text(bytes, 0, 4) === "RIFF") return text(bytes, 8, 12) === "WEBP";
  if (text(bytes, 4, 8) === "ftyp") return !FILMS.test(text(bytes, 8, 12));
  return text(bytes, 0, 1000).toLowerCase().includes("<svg");
}

/**
 * What a file is called that is of a known kind and cannot be opened; "" for others.
 * @param {Uint8Array} bytes
 */
export function titleOfOther(bytes) {
  const start = hex(bytes.subarray(0, 16));
  return OTHERS.find(([known]) => start.startsWith(known))?.[1] ?? "";
}

/**
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} to
 */
function text(bytes, from, to) {
  return String.fromCharCode(...bytes.subarray(from, to));
}
