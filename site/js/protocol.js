/**
 * Every message between the threads, and nothing else: types alone.
 *
 * The page, the engine worker, the courier and the vision workers talk through MessagePorts. A message is a
 * plain object whose `type` is one of the names below. Those that reach Python, or come from it, are the dataclasses of
 * py/lookalike/browser/protocol.py; from these, the build adds their types to this module (messages.d.ts, which
 * build_site.py and tests/run.py write): `ToEngine`, `FromPython`, each message that these are of, and what they hold.
 */

/** @typedef {Pick<Settings, "photos" | "calls" | "seconds">} Budget */

/**
 * Engine to page, from the JavaScript around Python. `failed` may come from there, too.
 * @typedef {{type: "phase", name: string, state: "started" | "done", ms: number}} PhaseMessage
 * @typedef {{type: "received", name: string, bytes: number}} ReceivedMessage  A part of a file has been downloaded.
 * @typedef {{type: "taken", serial: number}} TakenMessage  A message has reached the engine; sent before anything is
 *   done about it.
 * @typedef {FromPython | PhaseMessage | ReceivedMessage} FromEngine
 */

/**
 * What is told of a search, and what of a scorer: this may come after `finished` as well.
 * @typedef {StartedMessage | DrawnMessage | QueriedMessage | ScoredMessage | SkippedMessage | TroubledMessage |
 *   ProgressMessage | FinishedMessage} SearchEvent
 * @typedef {ScorerTriedMessage | ConsoleMessage | RecomputingMessage | RescoredMessage | RankedMessage |
 *   JoinedMessage | NotedMessage} ScoringEvent
 */

/**
 * Page to courier. The key goes this way and no other: the engine never has it.
 * @typedef {{type: "key", key: string}} KeyMessage
 * @typedef {{type: "connect", engine: MessagePort}} ConnectMessage
 * A search begins, which may make so many calls; `made` are those of the last 24 hours, as the page knows them.
 * @typedef {{type: "grant", sources: string[], calls: number, made: Record<string, number[]>}} GrantMessage
 * `learnt` is the page's word that it knows the addresses of a `found` message.
 * @typedef {{type: "learnt", id: number}} LearntMessage
 * `picture` asks for a picture that somebody has kept of an earlier visit.
 * @typedef {{type: "picture", id: number, source: string, address: string}} PictureMessage
 * `tally` asks how much is kept of what services have answered; `forget-answers` has all of it deleted.
 * @typedef {{type: "tally" | "forget-answers", id: number}} KeepingMessage
 * @typedef {KeyMessage | ConnectMessage | GrantMessage | LearntMessage | PictureMessage | KeepingMessage} PageToCourier
 */

/**
 * Courier to page: what left the browser, the moment that it does, in Unix seconds. The words of a picture are its
 * address. `found` are addresses that an answer of a service held: links to others are not shown. The engine has the
 * answer after `learnt`.
 * @typedef {{type: "asked", source: string, kind: "call" | "picture", words: string, at: number}} AskedMessage
 * @typedef {{type: "found", id: number, source: string, addresses: string[]}} FoundMessage
 * `pictured` answers a `picture`; its body is empty where there is none.
 * @typedef {{type: "pictured", id: number, body: Uint8Array<ArrayBuffer>}} PicturedMessage
 * `tallied` answers either; it has no tally where the browser did not do it.
 * @typedef {{answers: number, bytes: number, lasting: boolean}} Tally  `lasting`: it outlives the visit.
 * @typedef {{type: "tallied", id: number, tally: Tally | null}} TalliedMessage
 * @typedef {AskedMessage | FoundMessage | PicturedMessage | TalliedMessage} CourierToPage
 * @typedef {FromEngine | AskedMessage} Told  What the page's parts are told: by the engine, or by the courier.
 */

/**
 * Engine to courier and back. An `answer` with an `error` has no status and no body.
 * @typedef {{type: "get", id: number, url: string}} GetMessage
 * @typedef {{type: "abort"}} AbortMessage
 * `more` asks for the next few answers that were given before there was this engine; `kept` has them, or none.
 * @typedef {{type: "more"}} MoreMessage
 * @typedef {GetMessage | AbortMessage | MoreMessage} EngineToCourier
 * @typedef {{source: string, url: string, words: string, at: number, body: Uint8Array<ArrayBuffer>}} KeptAnswer
 * @typedef {{type: "kept", answers: KeptAnswer[]}} KeptMessage
 * @typedef {{type: "answer", id: number, status: number, body: Uint8Array<ArrayBuffer>, error: {name: string,
 *   message: string} | null}} AnswerMessage
 */

/**
 * Engine to page and back, on a port of its own: what the page does for the engine, which has no storage, no locks
 * and no network. `lend` is answered by `lent`, whose error is null where it was done; `changed` tells that somebody
 * else has changed a collection, "" for all. What may be asked for: js/client/lending.js.
 * @typedef {{type: "lend", id: number, what: string, given: unknown[]}} LendMessage
 * @typedef {{type: "lent", id: number, value: unknown, error: {name: string, message: string} | null}} LentMessage
 * @typedef {{type: "changed", collection: string}} ChangedMessage
 * @typedef {LentMessage | ChangedMessage} FromLending
 */

/**
 * Page to engine while it starts: a file of the site.
 * @typedef {{type: "file", name: string, bytes: ArrayBuffer}} FileMessage
 */

/**
 * Engine to vision worker and back.
 * @typedef {{type: "run", id: number, data: Float32Array, shape: number[], layers: string[]}} RunMessage
 * @typedef {{type: "encode", id: number, tokens: number[]}} EncodeMessage  Answered by the output `text_embeds`.
 * @typedef {{type: "tokenize", id: number, text: string}} TokenizeMessage  Answered by `tokens`.
 * @typedef {RunMessage | EncodeMessage | TokenizeMessage} ToVision
 * @typedef {{data: Float32Array, shape: number[]}} Tensor
 * @typedef {{type: "outputs", id: number, outputs: Record<string, Tensor>, spent?: Float32Array}} OutputsMessage  With
 *   the photos' memory, to be filled again.
 * @typedef {{type: "refused", id: number, message: string}} RefusedMessage
 * @typedef {{type: "tokens", id: number, tokens: number[]}} TokensMessage
 * @typedef {{type: "loaded"}} LoadedMessage  Runs are answered from now on.
 * @typedef {{type: "left"}} LeftMessage  Nothing more is answered: others may be asked.
 * @typedef {OutputsMessage | TokensMessage | RefusedMessage | LoadedMessage | LeftMessage} FromVision
 */

/**
 * Page to vision worker and back: whom to serve, null for nobody any more; how many messages are to be answered, and
 * how many photos were described just now.
 * @typedef {{engine: MessagePort | null}} VisionOrder
 * @typedef {{type: "load", load: number, photos: number} | LeftMessage} VisionEvent
 */

export {};
