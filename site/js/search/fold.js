/** What does not tell words apart; py/lookalike/words.py has the same. */
const UNSEEN =
  /[\u00ad\u034f\u061c\u180b-\u180f\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u{1f3fb}-\u{1f3ff}\u{e0100}-\u{e01ef}]/gu;

/** Letters whose case is folded otherwise than by writing them large and small again. @type {Record<string, string>} */
const FOLDED = { ı: "ı", ς: "σ", ẞ: "ss" };

/**
 * Writes text so that what reads the same is the same: composed, and without case; as lookalike.words.fold does.
 * @param {string} text
 */
export function fold(text) {
  const plain = text.replace(UNSEEN, "").normalize("NFD");
  // One by one, as a letter's small form may hang on its neighbours.
  const folded = Array.from(plain, (letter) => FOLDED[letter] ?? without(letter)).join("");
  return folded.replaceAll("i\u0307", "i").normalize("NFC");
}

/** @param {string} letter */
function without(letter) {
  // Cherokee is folded to its large letters, as they were there first.
  if (/[\u13a0-\u13f5]/u.test(letter)) return letter;
  if (/[\u13f8-\u13fd\uab70-\uabbf]/u.test(letter)) return letter.toUpperCase();
  return Array.from(letter.toUpperCase(), (each) => FOLDED[each] ?? each.toLowerCase()).join("");
}
