/** @import {ProgressMessage, SearchEvent} from "../protocol.js" */
/** @import {Problems} from "../ui/problems.js" */

/** Says what is wrong with the services: while it is so, and once when one has stopped while others go on. */
export class ServiceAlerts {
  #problems;
  /** The search they are about. */
  #id = -1;
  /** The advice that was told of each. @type {Map<string, string>} */
  #told = new Map();

  /** @param {Problems} problems */
  constructor(problems) {
    this.#problems = problems;
  }

  /** @param {SearchEvent} message */
  receive(message) {
    if (message.type === "progress") this.#tellStopped(message);
    if (message.type !== "troubled") return;
    if (message.problem) this.#problems.show(message.problem, { code: "trouble", kind: "warning" });
    else this.over();
  }

  /** The search has ended: what it waited for matters no longer. */
  over() {
    this.#problems.clear("trouble");
  }

  /** @param {ProgressMessage} progress */
  #tellStopped({ id, services }) {
    if (id !== this.#id) this.#told.clear();
    this.#id = id;
    for (const { name, ended, problem } of services) {
      const code = `service-${name}`;
      // It is searched again, where the search goes on.
      if (!problem && this.#told.delete(name)) this.#problems.clear(code);
      if (!problem || !ended || this.#told.get(name) === problem.advice) continue;
      // What goes on beside it changes; but nobody who has dismissed it is told again.
      if (this.#told.has(name) && !this.#problems.told(problem)) continue;
      // The end of a search that has no other service tells its own problem.
      if (!this.#told.has(name) && services.every((service) => service.problem)) continue;
      this.#told.set(name, problem.advice);
      this.#problems.show(problem, { code, kind: "warning" });
    }
  }
}
