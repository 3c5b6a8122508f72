/** @import {Told} from "../protocol.js" */

const MARKED = ["ready", "started", "scored", "finished", "scorer-tried", "rescored", "collecting"];

/**
 * Leave what happened, and when, in the browser's own timeline (User Timing), where developer tools
 * show it and tests/bench.py reads it.
 * @param {Told} message
 */
export function timed(message) {
  if (message.type === "phase" && message.state === "done") {
    const end = performance.now();
    performance.measure(message.name, { start: Math.max(0, end - message.ms), end });
  } else if (MARKED.includes(message.type)) {
    performance.mark(message.type);
  }
}
