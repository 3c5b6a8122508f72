/** @import {FailedMessage, PhaseMessage, ReadyMessage, ReceivedMessage} from "../protocol.js" */
/** @import {Problems} from "../ui/problems.js" */
/** @import {Client} from "../search/searches.js" */
import { Amount } from "../offline/amount.js";
import { StartPhases } from "../progress/start-phases.js";

/** Whether the engine is there, what it still waits for, and what to do where it did not start. */
export class EngineState {
  phases = new StartPhases();
  /** @type {"starting" | "ready" | "failed"} */
  #state = "starting";
  /** What the engine and the networks have told of their downloads. @type {Amount | null} */
  #amount = null;
  #client;
  #problems;
  #callbacks;

  /**
   * @param {Client} client
   * @param {Problems} problems
   * @param {{onReady: (message: ReadyMessage) => void, onFailed: () => void}} callbacks
   */
  constructor(client, problems, callbacks) {
    this.#client = client;
    this.#problems = problems;
    this.#callbacks = callbacks;
  }

  /** Whether a search can begin. */
  get ready() {
    return this.#state === "ready";
  }

  get state() {
    return this.#state;
  }

  /** What is waited for, in words; "" where it is ready. */
  get words() {
    if (this.#state === "ready") return "";
    if (this.#state === "failed") return "Stopped: the engine has failed.";
    return "Getting ready…";
  }

  /** Starts the engine, for the first time or again. */
  start() {
    this.#renew();
    this.#client.start();
  }

  /** Starts an engine again that did not start. */
  revive() {
    if (this.#state === "failed") this.start();
  }

  /** @param {PhaseMessage | ReceivedMessage | ReadyMessage | FailedMessage} message */
  receive(message) {
    if (message.type === "phase") this.#receivePhase(message);
    else if (message.type === "received") this.#takeReceived(message);
    else if (message.type === "ready") this.#receiveReady(message);
    else this.#receiveFailed(message);
  }

  /** @param {PhaseMessage} message */
  #receivePhase(message) {
    // The client replaces an engine that hangs without being told to.
    if (this.#state !== "starting" && message.state === "started") this.#renew();
    this.phases.apply(message);
  }

  /** @param {ReceivedMessage} message */
  #takeReceived({ name, bytes }) {
    this.#amount ??= this.#expected();
    this.#amount.add(name, bytes);
    this.phases.downloading(this.#amount.told);
  }

  /** What a start downloads. */
  #expected() {
    const amount = new Amount();
    const { config } = this.#client;
    for (const [name, size] of Object.entries(config?.start ?? {})) amount.expect(name, size);
    const choice = config?.models.find(({ name }) => name === config.model);
    if (choice) amount.expect(`${choice.name}.onnx`, choice.bytes);
    return amount;
  }

  /** @param {ReadyMessage} message */
  #receiveReady(message) {
    this.#state = "ready";
    this.#problems.clear("engine");
    this.phases.ready();
    this.#callbacks.onReady(message);
  }

  /** @param {FailedMessage} message */
  #receiveFailed({ problem }) {
    this.#state = "failed";
    this.phases.failed();
    this.#callbacks.onFailed();
    this.#problems.show(problem, { code: "engine", remedy: { label: "Try again", act: () => this.start() } });
  }

  #renew() {
    this.#state = "starting";
    this.#problems.clear("engine");
    this.phases.restart();
    this.#amount = null;
  }
}
