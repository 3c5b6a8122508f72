/** @import {Problem} from "../protocol.js" */
/** @import {Result} from "../search/result.js" */
/** @import {Search} from "../search/search.js" */
/** @import {Treatment} from "./screening.js" */
import { isKept } from "./kept-network.js";
import { SafetyClient } from "./safety-client.js";
import { Screening } from "./screening.js";

/**
 * The judge of this page's pictures, with the classifier that the site has.
 * @param {{treatment: () => Treatment, judged: (search: Search, result: Result) => void, problem: (problem: Problem)
 *   => void, changed: () => void}} on `changed`: something is to be drawn.
 */
export function screeningHere({ treatment, judged, problem, changed }) {
  const base = new URL(".", document.baseURI).href;
  const screening = new Screening(
    new SafetyClient(base, (why) => {
      screening.fail(why);
      changed();
    }),
    {
      treatment,
      kept: () => isKept(base),
      judged: (search, result) => {
        judged(search, result);
        changed();
      },
      problem,
    },
  );
  return screening;
}
