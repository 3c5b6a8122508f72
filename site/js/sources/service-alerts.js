/** @import {Problem, ProgressMessage, SearchEvent} from "../protocol.js" */
/** @import {Alerts} from "../ui/alerts.js" */

/** Says what is wrong with the services: while it is so, and once when one has stopped while others go on. */
export class ServiceAlerts {
  #alerts;
  #onStopped;
  /** The search they are about. */
  #id = -1;
  /** @type {Set<string>} */
  #told = new Set();

  /**
   * @param {Alerts} alerts
   * @param {(problem: Problem) => void} onStopped
   */
  constructor(alerts, onStopped) {
    this.#alerts = alerts;
    this.#onStopped = onStopped;
  }

  /** @param {SearchEvent} message */
  receive(message) {
    if (message.type === "progress") this.#tellStopped(message);
    if (message.type !== "troubled") return;
    if (message.problem) this.#alerts.show(message.problem, { code: "trouble", kind: "warning" });
    else this.over();
  }

  /** The search has ended: what it waited for matters no longer. */
  over() {
    this.#alerts.clear("trouble");
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
      this.#alerts.show(problem, { code: `service-${name}`, kind: "warning" });
      this.#onStopped(problem);
    }
  }
}
