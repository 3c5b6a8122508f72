/** @import {Problem} from "../protocol.js" */
/** @import {Remedy} from "../ui/alerts.js" */
/** @import {Place} from "../ui/problems.js" */
import { byId } from "../ui/dom.js";

/** Those of a score function, which are mended in its text. */
const OF_SCORING = new Set(["score", "scoring-lost"]);

/** What a service's silence may come of, where there is no network. */
const OF_NETWORK = new Set(["unavailable", "unreachable", "timed-out"]);

/**
 * The places of the page that tell problems, other than alerts.
 * @param {object} to
 * @param {(problem: Problem) => boolean} to.key  Asks for another key; whether the panel for it stands open.
 * @param {() => void} to.onGiveKey  The person wants to give one.
 * @param {(problem: Problem) => boolean} to.editor  Whether the editor is open, and says it.
 * @param {() => Remedy | null} to.another  Where a service has to be waited for: leads to another one, if there is one.
 * @param {() => boolean} to.offline  Says that there is no network, where there is none.
 * @returns {Place[]}
 */
export function placesOf(to) {
  return [
    (problem) =>
      problem.code === "key-rejected" && (to.key(problem) || { label: "Give another key", act: to.onGiveKey }),
    (problem) => OF_SCORING.has(problem.code) && to.editor(problem),
    (problem) => problem.code === "waiting" && (to.another() ?? false),
    (problem) => OF_NETWORK.has(problem.code) && to.offline(),
    (problem) =>
      problem.code.startsWith("store-") && {
        label: "See your photos",
        act: () => byId("open-collections", HTMLButtonElement).click(),
      },
  ];
}
