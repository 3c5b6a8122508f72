/** Words are cut here: what describes a photo is shorter. */
const LONGEST = 200;

/**
 * Words as they are searched for: one line, with single spaces, and of a sensible length.
 * @param {string} text
 */
export function tidy(text) {
  return [...text.replace(/[\p{C}\s]+/gu, " ").trim()].slice(0, LONGEST).join("").trim();
}

/** The words in the page's address, `?q=…`, or "". Nothing else there means anything. */
export function wordsOfAddress() {
  return tidy(new URLSearchParams(location.search).get("q") ?? "");
}

/**
 * Keeps the address true to what is on show: a search by words alone can be reloaded and bookmarked, and
 * no other is mistaken for it. The step of the history stays the same.
 * @param {string} words  "" where the search on show cannot be put into an address.
 */
export function rememberWords(words) {
  const query = words ? `?${new URLSearchParams({ q: words })}` : "";
  if (query !== location.search) history.replaceState(history.state, "", location.pathname + query + location.hash);
}
