/** @import {ProgressMessage, SearchEvent} from "../protocol.js" */
/** @import {Problems} from "../ui/problems.js" */

/** Says what is wrong with the services: while it is so, and once when one has stopped while others go on. */
export class ServiceAlerts {
  #problems;
  /** The search they are about. */
  #id = -1;
  /** @type {Set<string>} */
  #told = new Set();

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
      if (!problem || !ended || this.#told.has(name)) continue;
      // The end of a search that has no other service tells its own problem.
      if (services.every((service) => service.problem)) continue;
      this.#told.add(name);
      this.#problems.show(problem, { code: `service-${name}`, kind: "warning" });
    }
  }
}
