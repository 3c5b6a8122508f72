/**
 * Which requests get the API key, and how the key is kept out of what comes back.
 *
 * Whoever asks may be hostile: score.py is anybody's code. So an address is signed only where it
 * is certain that the answer cannot hold the key; and what was understood of it is what is sent,
 * not its text, which the service might read otherwise.
 */

/** The methods that flickr.py calls. Others would tell of the key, as flickr.test.echo does. */
const METHODS = new Set(["flickr.photos.search"]);

/** Shorter ones are none of Flickr's, and to blot them out of an answer could break it. */
const SHORTEST = 8;
const ASTERISK = 0x2a;

/** The courier does not take this request; the message says why. */
export class Refusal extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "Refusal";
  }
}

/**
 * Say which address to fetch for `url`: itself, or, of a call to the API, one with the key.
 * @param {string} url
 * @param {string} apiUrl  The API's base URL.
 * @param {string} key  "" for none.
 * @throws {Refusal}
 */
export function signed(url, apiUrl, key) {
  if (!/^https?:\/\//i.test(url)) throw new Refusal("it has no http address");
  const base = `${apiUrl}?`;
  if (!url.startsWith(base)) return url;
  if (url.includes("#")) throw new Refusal("an address of the API ends in no #fragment");
  const parameters = new URLSearchParams(url.slice(base.length));
  check([...parameters.keys()], parameters.get("method") ?? "");
  if (key) parameters.append("api_key", key);
  return base + parameters;
}

/**
 * @param {string[]} names  Of all parameters.
 * @param {string} method
 */
function check(names, method) {
  // PHP, which Flickr runs on, reads "api.key" and " api_key" as api_key, and the last of equals.
  const odd = names.find((name, i) => !/^[a-z_]+$/.test(name) || names.indexOf(name) !== i);
  if (odd !== undefined) throw new Refusal(`the parameter ${JSON.stringify(odd)} is misspelt or there twice`);
  if (names.includes("api_key")) throw new Refusal("the key is added here, not there");
  if (!METHODS.has(method)) {
    throw new Refusal(
      `the method ${JSON.stringify(method)} is not among those that are signed: ${[...METHODS].join(", ")}`,
    );
  }
}

/**
 * Blot the key out of an answer, in place.
 * @param {Uint8Array} body
 * @param {string} key
 */
export function scrub(body, key) {
  if (key.length < SHORTEST) return;
  const escaped = `${new URLSearchParams([["", key]])}`.slice(1);
  for (const form of new Set([key, escaped])) {
    const secret = new TextEncoder().encode(form);
    for (let at = find(body, secret, 0); at !== -1; at = find(body, secret, at + secret.length)) {
      body.fill(ASTERISK, at, at + secret.length);
    }
  }
}

/**
 * @param {Uint8Array} body
 * @param {Uint8Array} wanted
 * @param {number} from
 */
function find(body, wanted, from) {
  let at = body.indexOf(wanted[0], from);
  while (at !== -1 && !wanted.every((byte, i) => body[at + i] === byte)) at = body.indexOf(wanted[0], at + 1);
  return at;
}
