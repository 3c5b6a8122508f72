/** @import {Job} from "./job.js" */
import { duration, plural } from "../ui/format.js";

const VERBS = { create: "Adding", add: "Adding", open: "Opening", reembed: "Processing again", export: "Exporting" };

/**
 * How work on a collection goes, or how it ended.
 * @param {Job} job
 */
export function jobWords(job) {
  if (job.state === "failed") return job.problem ? `${job.problem.message} ${job.problem.advice}` : "It failed.";
  if (job.state === "waiting") return "Another tab works on this collection; this waits until it is done.";
  return job.active ? going(job) : ended(job);
}

/** @param {Job} job */
function going(job) {
  const { done, total, rate, left, state, wished } = job;
  if (wished === "stop") return "Stopping…";
  if (!total && job.action !== "export")
    return state === "paused" ? "Paused." : "It begins as soon as everything is ready…";
  const words = [total ? `${done.toLocaleString("en")} of ${plural(total, "photo")}` : `${VERBS[job.action]}…`];
  if (state === "paused") return `Paused at ${words[0]}.`;
  if (wished === "pause") return "Pausing…";
  if (rate) words.push(`${rate < 10 ? rate.toFixed(1) : Math.round(rate)} photos/s`);
  if (left !== null && left >= 1) words.push(`${duration(left)} left`);
  return words.join(" · ");
}

/** @param {Job} job */
function ended({ action, state, added, unchanged, renamed, others, failures }) {
  if (action === "export") return state === "done" ? "Exported." : "The export was stopped.";
  if (action === "open") return state === "done" ? "" : "Stopped; nothing of it was kept.";
  if (action === "reembed")
    return state === "done" ? "All its photos are processed again." : "Stopped; what is processed stays so.";
  const done = state === "done";
  // What could not be opened, or was not come to, was to be added all the same.
  const none = done && !failures.length ? "nothing to add" : "no photo added";
  const words = [done ? "Done:" : "Stopped:", added ? `${plural(added, "photo")} added` : none];
  if (unchanged) words.push(`(${unchanged.toLocaleString("en")} in already)`);
  if (others) words.push(`and ${plural(others, "other file")} left out`);
  const beside = renamed
    ? ` ${renamed.toLocaleString("en")} of them ${renamed === 1 ? "has" : "have"} the name of another photo, and ${renamed === 1 ? "is" : "are"} kept beside it with a number.`
    : "";
  return `${words.join(" ")}.${beside}`;
}
