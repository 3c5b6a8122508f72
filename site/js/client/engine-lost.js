/** What the person reads of an engine that was lost with a search. */

export const STUCK = {
  code: "stuck",
  message: "The engine no longer answered, and was restarted.",
  advice:
    "What was found stays here. If the score function was changed, see that its functions return; then search again.",
  line: null,
};

export const CRASHED = {
  code: "crashed",
  message: "The engine broke down, and was restarted.",
  advice: "What was found stays here. Search again; if it happens again with this photo, try a smaller copy of it.",
  line: null,
};

/** Why a search ended whose scorer was somebody else's, and left with its engine. */
export const LEFT = {
  code: "scoring-left",
  message:
    "The search ended with the score function that it was begun with: that came from elsewhere, and has left with its engine.",
  advice: "What was found stays, ranked by the new score function. Search again to find more.",
  line: null,
};
