/**
 * Addresses of the web, compared: a source writes one as it likes, and what a service sent is what counts.
 */

/** Longer ones are no address of a picture or a page. */
const LONGEST = 2000;
const BARE_HOST = /^(www\.[\w.-]+(?=[/?#]|$)|[a-z0-9](?:[a-z0-9-]*\.)+[a-z]{2,}(?=\/))/i;

/**
 * The address that a text is, as a browser writes it; "" for none of http or https, or one with a user's name in it.
 * A missing scheme is https, as in py/lookalike/sources/addresses.py.
 * @param {string} text
 */
export function addressOf(text) {
  const trimmed = text.trim();
  if (!trimmed || trimmed.length > LONGEST) return "";
  const whole = trimmed.startsWith("//")
    ? `https:${trimmed}`
    : BARE_HOST.test(trimmed)
      ? `https://${trimmed}`
      : trimmed;
  if (!/^https?:/i.test(whole)) return "";
  try {
    const { href, username, password } = new URL(whole);
    return username || password ? "" : href;
  } catch {
    return "";
  }
}

/**
 * What two ways of writing an address have in common: characters may be percent-encoded, or not.
 * @param {string} address
 */
export function canonical(address) {
  return addressOf(address).replace(/(%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded.toUpperCase();
    }
  });
}
