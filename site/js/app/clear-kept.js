/** @import {Tally} from "../protocol.js" */

/**
 * Deletes what this browser keeps beside collections, but for what is set up once: the key, settings, score functions.
 * The dialog "Your photos" names all of it.
 * @param {{clear: () => void}} shortlist
 * @param {{clear: () => Promise<void>}} keeper
 * @param {{forget: () => Promise<Tally | null>}} client
 * @returns {Promise<string[]>}  What is still there, in words.
 */
export async function clearKept(shortlist, keeper, client) {
  shortlist.clear();
  const [searches, answers] = await Promise.allSettled([keeper.clear(), client.forget()]);
  const left = [];
  if (searches.status === "rejected") left.push("the searches that a reload brings back");
  if (answers.status === "rejected" || !answers.value) left.push("the saved answers of photo services");
  return left;
}
