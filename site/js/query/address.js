/** Words are cut here: what describes a photo is shorter. */
const LONGEST = 200;
/** Hyphens that are not seen, as texts of the web have them, and what turns the direction of writing. */
const UNSEEN = /[\u00ad\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;
/** What parts words: spaces, also those of no width, and what is no character. */
const BETWEEN = /[\s\u200b\p{Cc}\p{Cs}]+/gu;
/** Joiners have their place in words, as in those of Persian, and in emoji; but only between two letters. */
const EDGES = /^[ \u200c\u200d]+|[ \u200c\u200d]+$/gu;

/**
 * Words as they are searched for: one line, with single spaces, and of a sensible length.
 * @param {string} text
 */
export function tidy(text) {
  const line = text.replace(UNSEEN, "").replace(BETWEEN, " ").replace(EDGES, "");
  return [...line].slice(0, LONGEST).join("").replace(EDGES, "");
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
