/** @import {Problem, ProgressMessage} from "../protocol.js" */
/** @import {Alerts} from "../page/alerts.js" */

/** Says once when a service has stopped while others go on. */
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

  /** @param {ProgressMessage} progress */
  hear({ id, services }) {
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
