/**
 * Every message between the threads, and nothing else.
 *
 * The page, the engine worker, the courier and the vision workers talk through MessagePorts. A message is a
 * plain object whose `type` is one of the keys below; its other fields are those listed beside it.
 * py/lookalike/browser/protocol.py lists the ones that reach Python, and a test holds the two
 * lists together.
 */

/**
 * @typedef {object} Problem  An error as it is shown.
 * @property {string} code
 * @property {string} message  What happened.
 * @property {string} advice   What to do next.
 */

/**
 * @typedef {object} Photo  See py/lookalike/photo.py.
 * @property {string} id
 * @property {string} title
 * @property {string[]} tags
 * @property {string} thumb_url
 * @property {string} page_url
 * @property {string} owner
 * @property {string} owner_id
 * @property {string} license
 * @property {number} width
 * @property {number} height
 * @property {number | null} uploaded
 */

/** @typedef {{tag: string, probability: number}} Guess */
/** @typedef {{tag: string, mean: number, count: number, margin: number | null}} Belief  The margin is how far off the mean may be. */
/** @typedef {{why: string, count: number, tags: string[]}} Unseen  Photos known and not looked at, by reason. */
/** @typedef {"pin" | "ban" | "free"} Stance  Ask more about a tag, never ask it, or leave it be. */
/** @typedef {{name: string, title: string, description: string, belief: string}} PolicyChoice */
/** @typedef {"budget" | "exhausted" | "cancelled" | "failed"} Reason */

/**
 * @typedef {object} Settings  What a search may spend, and how it goes about it.
 * @property {number} photos    Photos to look at.
 * @property {number} calls     API calls.
 * @property {number} seconds
 * @property {number} parallel  Tags asked at once.
 * @property {number | null} seed  Null for a random one.
 * @property {string} policy    A name from py/lookalike/policies.
 */

/**
 * Page to engine.
 * @typedef {{type: "search", id: number, image: Uint8Array, settings: Settings}} SearchMessage
 * @typedef {{type: "cancel", id: number}} CancelMessage
 * @typedef {{type: "steer", id: number, tag: string, stance: Stance}} SteerMessage
 * @typedef {{type: "ping", id: number}} PingMessage
 * @typedef {SearchMessage | CancelMessage | SteerMessage | PingMessage} ToEngine
 */

/**
 * Engine to page. `phase` comes from JavaScript, before there is a Python; `failed` from both.
 * The first of `ready.policies` is the default. `scored.twin` is the id of an earlier result that
 * the photo is a near-duplicate of, or null.
 * @typedef {{type: "phase", name: string, state: "started" | "done", ms: number}} PhaseMessage
 * @typedef {{type: "failed", problem: Problem}} FailedMessage
 * @typedef {{type: "ready", versions: Record<string, string>, policies: PolicyChoice[]}} ReadyMessage
 * @typedef {{type: "pong", id: number}} PongMessage
 * @typedef {{type: "started", id: number, seed: number, guesses: Guess[]}} StartedMessage
 * @typedef {{type: "queried", id: number, tag: string, found: number, new: number}} QueriedMessage
 * @typedef {{type: "scored", id: number, photo: Photo, score: number, tag: string, twin: string | null, thumbnail: Uint8Array}} ScoredMessage
 * @typedef {{type: "skipped", id: number, photo: Photo, problem: Problem}} SkippedMessage
 * @typedef {{type: "troubled", id: number, problem: Problem | null}} TroubledMessage
 * @typedef {{type: "progress", id: number, calls: number, photos: number, seconds: number, asking: string[], beliefs: Belief[], unseen: Unseen[]}} ProgressMessage
 * @typedef {{type: "finished", id: number, reason: Reason, calls: number, photos: number, seconds: number, problem: Problem | null}} FinishedMessage
 * @typedef {StartedMessage | QueriedMessage | ScoredMessage | SkippedMessage | TroubledMessage | ProgressMessage | FinishedMessage} SearchEvent
 * @typedef {PhaseMessage | FailedMessage | ReadyMessage | PongMessage | SearchEvent} FromEngine
 */

/**
 * Page to courier. The key goes this way and no other: the engine never has it.
 * @typedef {{type: "key", key: string}} KeyMessage
 * @typedef {{type: "connect", engine: MessagePort}} ConnectMessage
 * @typedef {KeyMessage | ConnectMessage} PageToCourier
 */

/**
 * Engine to courier and back. An `answer` with an `error` has no status and no body.
 * @typedef {{type: "get", id: number, url: string}} GetMessage
 * @typedef {{type: "abort"}} AbortMessage
 * @typedef {GetMessage | AbortMessage} EngineToCourier
 * @typedef {{type: "answer", id: number, status: number, body: Uint8Array<ArrayBuffer>, error: {name: string, message: string} | null}} AnswerMessage
 */

/**
 * Engine to vision worker and back.
 * @typedef {{type: "run", id: number, data: Float32Array, shape: number[], layers: string[]}} RunMessage
 * @typedef {{data: Float32Array, shape: number[]}} Tensor
 * @typedef {{type: "outputs", id: number, outputs: Record<string, Tensor>}} OutputsMessage
 * @typedef {{type: "refused", id: number, message: string}} RefusedMessage
 * @typedef {OutputsMessage | RefusedMessage} FromVision
 */

/**
 * @template {{type: string}} M
 * @typedef {{[T in M["type"]]: readonly Exclude<keyof Extract<M, {type: T}>, "type">[]}} Fields
 */

/** @satisfies {Fields<ToEngine>} */
export const TO_ENGINE = {
  search: ["id", "image", "settings"],
  cancel: ["id"],
  steer: ["id", "tag", "stance"],
  ping: ["id"],
};

/** @satisfies {Fields<FromEngine>} */
export const FROM_ENGINE = {
  phase: ["name", "state", "ms"],
  failed: ["problem"],
  ready: ["versions", "policies"],
  pong: ["id"],
  started: ["id", "seed", "guesses"],
  queried: ["id", "tag", "found", "new"],
  scored: ["id", "photo", "score", "tag", "twin", "thumbnail"],
  skipped: ["id", "photo", "problem"],
  troubled: ["id", "problem"],
  progress: ["id", "calls", "photos", "seconds", "asking", "beliefs", "unseen"],
  finished: ["id", "reason", "calls", "photos", "seconds", "problem"],
};

/** The messages that do not come from Python. */
export const WORKER_ONLY = ["phase"];

/** @satisfies {Fields<PageToCourier>} */
export const PAGE_TO_COURIER = { key: ["key"], connect: ["engine"] };

/** @satisfies {Fields<EngineToCourier>} */
export const ENGINE_TO_COURIER = { get: ["id", "url"], abort: [] };

/** @satisfies {Fields<AnswerMessage>} */
export const FROM_COURIER = { answer: ["id", "status", "body", "error"] };

/** @satisfies {Fields<RunMessage>} */
export const TO_VISION = { run: ["id", "data", "shape", "layers"] };

/** @satisfies {Fields<FromVision>} */
export const FROM_VISION = { outputs: ["id", "outputs"], refused: ["id", "message"] };
