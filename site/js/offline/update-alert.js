/** @import {Problems} from "../ui/problems.js" */
/** @import {Visit} from "./visit.js" */
import { plural } from "../ui/format.js";

const READY = {
  code: "update",
  message: "A new version is ready.",
  advice: "Reload the page to use it. What is on show comes back, where this browser lets the page keep it.",
  line: null,
};

/**
 * Say that there is a new version, and go over to it when the person wants to.
 * @param {Pick<Visit, "update">} visit
 * @param {Pick<Problems, "show">} problems
 * @param {string} [advice]
 */
export function tellOfUpdate(visit, problems, advice = READY.advice) {
  const act = async () => {
    const others = await visit.update();
    // Their files are the old version's, and they may still need some.
    if (others) tellOfUpdate(visit, problems, `Close Lookalike in ${plural(others, "other tab")} first; then reload.`);
  };
  problems.show({ ...READY, advice }, { kind: "note", remedy: { label: "Reload", act } });
}
