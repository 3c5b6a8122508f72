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
 * @property {number | null} line  The line of score.py to mend, counted from 1; null where none is known.
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
 * @property {string} source       The service's short name; a collection's is "collection:ID".
 * @property {string} license_url
 * @property {string} attribution  A line of credit as the service wants it shown.
 * @property {number} full_width   Of the original; 0 where unknown.
 * @property {number} full_height
 * @property {boolean} sensitive   Whether the service marks it as unsafe, mature or sensitive.
 */

/**
 * @typedef {object} Filters  What a photo must be; see py/lookalike/filters.py. The defaults let all pass that is safe.
 * @property {"any" | "reuse" | "commercial" | "modify"} license
 * @property {number | null} since  Upload, Unix seconds.
 * @property {number | null} until
 * @property {"any" | "landscape" | "portrait" | "square"} orientation
 * @property {"any" | "colour" | "black-and-white"} colour
 * @property {number} min_size  Of the original's longest side, pixels.
 * @property {boolean} safe
 */

/** @typedef {{tag: string, probability: number}} Guess */
/** @typedef {{tag: string, mean: number, count: number, margin: number | null}} TagEstimate  The margin is how far off the mean may be. */
/** @typedef {{why: string, count: number, tags: string[]}} Unseen  Photos known and not looked at, by reason. */
/** @typedef {"pin" | "ban" | "free"} Stance  Ask more about a tag, never ask it, or leave it be. */
/** @typedef {{name: string, title: string, description: string, estimate: string}} PolicyChoice */
/** @typedef {{name: string, title: string, key: boolean, filters: string[], per_minute: number | null, per_day: number | null}} ServiceChoice */
/** @typedef {{name: string, title: string, calls: number, photos: number, minute_left: number | null, day_left: number | null, ended: boolean, problem: Problem | null}} ServiceProgress */
/** @typedef {{why: string, count: number}} Filtered  Photos that the filters kept out, by reason. */
/** @typedef {"budget" | "settled" | "exhausted" | "cancelled" | "failed"} Reason */
/** @typedef {Pick<Settings, "photos" | "calls" | "seconds">} Budget */

/**
 * @typedef {object} Settings  What a search may spend, and how it goes about it.
 * @property {number} photos    Photos to look at.
 * @property {number} calls     API calls.
 * @property {number} seconds
 * @property {number} parallel  Tags asked at once.
 * @property {number | null} seed  Null for a random one.
 * @property {string} policy    A name from py/lookalike/policies.
 * @property {string[]} sources  Names of the services and collections to search, in the order shown; never empty.
 * @property {Filters} filters
 * @property {number} neighbours  Photos that a collection gives.
 */

/**
 * @typedef {object} QueryPhoto  A photo to look for the likes of.
 * @property {Uint8Array} image  An encoded image file.
 * @property {number} weight     How much it counts; negative to keep away from it.
 * @property {[number, number, number, number] | null} crop  Left, top, width and height of the part
 *   that counts, as fractions of the image as it is shown, upright; null for the whole.
 * @property {string} of  The id of the photo that it is, where a search has found it, or "": what repeats it is its near-duplicate.
 */

/** @typedef {"liked" | "disliked" | "none"} MarkName */
/** @typedef {{photo: Photo, thumbnail: Uint8Array, tag: string, mark: MarkName}} Kept  A result that the page has kept. */
/** @typedef {{id: string, score: number}} PhotoScore */

/**
 * @typedef {{path: string, file: File | null}} Upload  A file to take photos from; its path is parted by "/". Null: the
 *   browser could not read what is there.
 */
/** @typedef {{path: string, reason: string}} Failure  A file that could not be taken. */
/** @typedef {"create" | "add" | "open" | "reembed" | "export"} CollectAction */
/** @typedef {"pause" | "resume" | "stop"} Wish */
/** @typedef {"waiting" | "running" | "paused" | "done" | "stopped" | "failed"} JobState */

/**
 * Page to engine: work on a collection, of which `id` is the page's own number.
 * What takes no time (to list, rename, remove, delete) the page does by its own shelf: see js/shelf/.
 * @typedef {object} CollectMessage
 * @property {"collect"} type
 * @property {number} id
 * @property {CollectAction} action  Make one of uploads; add them to one; open a .lookalike file as one; describe
 *   one's photos by the network of today; write one to a file.
 * @property {string} collection       Its id; a new one's is the page's to choose.
 * @property {string} name             Of a new one.
 * @property {number | null} expires   Likewise: Unix time in seconds.
 * @property {Upload[]} uploads
 */

/**
 * Engine to page: how that work goes. The last one has the state "done", "stopped" or "failed".
 * @typedef {object} CollectingMessage
 * @property {"collecting"} type
 * @property {number} id
 * @property {JobState} state      "waiting" where another tab works on the collection.
 * @property {number} done         Photos dealt with, in whichever way.
 * @property {number} total        0 until they have been counted.
 * @property {number} added        Photos described.
 * @property {number} unchanged    Photos that were in already.
 * @property {number} renamed      Of those described: they go by another name, as another photo has theirs.
 * @property {number} rate         Photos a second; 0 where nobody knows.
 * @property {number | null} left  Seconds; null where nobody knows.
 * @property {Failure[]} failures  Since the last message.
 * @property {Blob | null} file    What was exported.
 * @property {Problem | null} problem
 * @property {Failure[]} notes     Likewise since the last message: photos of which a part could not be used, and what.
 * @property {number} others       Files that are no photos, which were left out.
 */

/**
 * Page to engine.
 * `scorer` has a number of its own as its id. `search` and `restore` may be without queries where there is a
 * `text`, which is "" for none, or where the scorer has START. `made` are the calls to each service as `calls` told
 * them. `restore` comes after the engine was replaced: what search `id`, which has ended, had seen.
 * @typedef {{type: "search", id: number, queries: QueryPhoto[], text: string, settings: Settings, made: Record<string, number[]>}} SearchMessage
 * @typedef {{type: "continue", id: number, photos: number, calls: number, seconds: number, made: Record<string, number[]>}} ContinueMessage  Go on with this search, which has ended, and may spend so much more.
 * @typedef {{type: "cancel", id: number}} CancelMessage
 * @typedef {{type: "steer", id: number, tag: string, stance: Stance}} SteerMessage
 * @typedef {{type: "try-scorer", id: number, code: string, name: string}} TryScorerMessage
 * @typedef {{type: "mark", id: number, photo: string, mark: MarkName}} MarkMessage
 * @typedef {{type: "restore", id: number, queries: QueryPhoto[], text: string, settings: Settings, results: Kept[]}} RestoreMessage
 * @typedef {{type: "ping", id: number}} PingMessage
 * @typedef {{type: "forget"}} ForgetMessage  The next search is to begin without what earlier ones have found.
 * @typedef {{type: "conduct", id: number, wish: Wish}} ConductMessage  To the work with this number.
 * @typedef {{type: "open", id: number, image: Uint8Array}} OpenMessage  Is this file a picture that a search can start from?
 * @typedef {CollectMessage | ConductMessage | SearchMessage | ContinueMessage | CancelMessage | SteerMessage | TryScorerMessage | MarkMessage | RestoreMessage | PingMessage | ForgetMessage | OpenMessage} ToEngine
 */

/**
 * Engine to page. `phase` comes from JavaScript, before there is a Python; `failed` from both.
 * The first of `ready.policies` is the default. `scored.twin` is the id of an earlier result that the photo is a
 * near-duplicate of, or null; `itself` is what the query photo scores, or null where it says nothing of others; `before` says that an earlier search of this visit looked at it, and this one did not. `scorer-tried` answers a `scorer`: its problem is null where it is in charge
 * now; else the last good one still is. `recomputing`, `rescored`, `ranked` and `noted` may come after
 * `finished`.
 * @typedef {{type: "phase", name: string, state: "started" | "done", ms: number}} PhaseMessage
 * @typedef {{type: "received", name: string, bytes: number}} ReceivedMessage  A part of a file has been downloaded.
 * @typedef {{type: "failed", problem: Problem}} FailedMessage
 * @typedef {{type: "ready", versions: Record<string, string>, policies: PolicyChoice[], services: ServiceChoice[]}} ReadyMessage
 * @typedef {{type: "pong", id: number}} PongMessage
 * @typedef {{type: "opened", id: number, problem: Problem | null}} OpenedMessage  Answers an `open`: null where the picture can be opened.
 * @typedef {{type: "started", id: number, seed: number, guesses: Guess[]}} StartedMessage
 * @typedef {{type: "drawn", id: number, index: number, image: Uint8Array<ArrayBuffer>}} DrawnMessage  A query photo as a PNG file, as it came in a format that browsers do not show.
 * @typedef {{type: "noted", id: number, problem: Problem}} NotedMessage  What the person should know of their photos and words.
 * @typedef {{type: "queried", id: number, tag: string, found: number, new: number, dropped: number, source: string}} QueriedMessage
 * @typedef {{type: "scored", id: number, photo: Photo, score: number, tag: string, twin: string | null, thumbnail: Uint8Array, itself: number | null, before: boolean}} ScoredMessage
 * @typedef {{type: "skipped", id: number, photo: Photo, problem: Problem}} SkippedMessage
 * @typedef {{type: "troubled", id: number, problem: Problem | null}} TroubledMessage
 * @typedef {{type: "progress", id: number, calls: number, photos: number, seconds: number, asking: string[], estimates: TagEstimate[], unseen: Unseen[], services: ServiceProgress[], filtered: Filtered[]}} ProgressMessage
 * @typedef {{type: "finished", id: number, reason: Reason, calls: number, photos: number, seconds: number, problem: Problem | null}} FinishedMessage
 * @typedef {{type: "scorer-tried", id: number, problem: Problem | null, features: "kept" | "recomputed", optional: string[]}} ScorerTriedMessage
 * @typedef {{type: "console", text: string}} ConsoleMessage  What the scorer prints.
 * @typedef {{type: "recomputing", id: number, done: number, total: number}} RecomputingMessage
 * @typedef {{type: "rescored", id: number, scores: PhotoScore[], order: string[] | null, itself: number | null}} RescoredMessage  Photos without a score are left out.
 * @typedef {{type: "ranked", id: number, order: string[]}} RankedMessage
 * @typedef {{type: "joined", id: number, photo: Photo, score: number, thumbnail: Uint8Array}} JoinedMessage  An own photo that a new scorer or marks have brought in.
 * @typedef {{type: "calls", source: string, made: number[]}} CallsMessage  Unix times of the calls to a service in the last 24 hours.
 * @typedef {ScorerTriedMessage | ConsoleMessage | RecomputingMessage | RescoredMessage | RankedMessage | JoinedMessage | NotedMessage} ScoringEvent
 * @typedef {StartedMessage | DrawnMessage | QueriedMessage | ScoredMessage | SkippedMessage | TroubledMessage | ProgressMessage | FinishedMessage} SearchEvent
 * @typedef {{type: "taken", serial: number}} TakenMessage  A message has reached the engine; sent before anything is done about it.
 * @typedef {CollectingMessage | PhaseMessage | ReceivedMessage | FailedMessage | ReadyMessage | PongMessage | OpenedMessage | CallsMessage | ScoringEvent | SearchEvent} FromEngine
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
 * @typedef {KeyMessage | ConnectMessage | GrantMessage | LearntMessage | PictureMessage} PageToCourier
 */

/**
 * Courier to page: what left the browser, the moment that it does, in Unix seconds. The words of a picture are its address.
 * `found` are addresses that an answer of a service held: links to others are not shown. The engine has the answer after `learnt`.
 * @typedef {{type: "asked", source: string, kind: "call" | "picture", words: string, at: number}} AskedMessage
 * @typedef {{type: "found", id: number, source: string, addresses: string[]}} FoundMessage
 * `pictured` answers a `picture`; its body is empty where there is none.
 * @typedef {{type: "pictured", id: number, body: Uint8Array<ArrayBuffer>}} PicturedMessage
 * @typedef {AskedMessage | FoundMessage | PicturedMessage} CourierToPage
 * @typedef {FromEngine | AskedMessage} Told  What the page's parts are told: by the engine, or by the courier.
 */

/**
 * Engine to courier and back. An `answer` with an `error` has no status and no body.
 * @typedef {{type: "get", id: number, url: string}} GetMessage
 * @typedef {{type: "abort"}} AbortMessage
 * @typedef {GetMessage | AbortMessage} EngineToCourier
 * @typedef {{type: "answer", id: number, status: number, body: Uint8Array<ArrayBuffer>, error: {name: string, message: string} | null}} AnswerMessage
 */

/**
 * Engine to page and back, on a port of its own: what the page does for the engine, which has no storage, no locks
 * and no network. `lend` is answered by `lent`, whose error is null where it was done; `changed` tells that somebody else has
 * changed a collection, "" for all. What may be asked for: js/client/lending.js.
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
 * @typedef {{type: "outputs", id: number, outputs: Record<string, Tensor>}} OutputsMessage
 * @typedef {{type: "refused", id: number, message: string}} RefusedMessage
 * @typedef {{type: "tokens", id: number, tokens: number[]}} TokensMessage
 * @typedef {{type: "loaded"}} LoadedMessage  Runs are answered from now on.
 * @typedef {OutputsMessage | TokensMessage | RefusedMessage | LoadedMessage} FromVision
 */

/**
 * @template {{type: string}} M
 * @typedef {{[T in M["type"]]: readonly Exclude<keyof Extract<M, {type: T}>, "type">[]}} Fields
 */

/** @satisfies {Fields<ToEngine>} */
export const TO_ENGINE = {
  search: ["id", "queries", "text", "settings", "made"],
  continue: ["id", "photos", "calls", "seconds", "made"],
  cancel: ["id"],
  steer: ["id", "tag", "stance"],
  "try-scorer": ["id", "code", "name"],
  mark: ["id", "photo", "mark"],
  restore: ["id", "queries", "text", "settings", "results"],
  ping: ["id"],
  forget: [],
  open: ["id", "image"],
  collect: ["id", "action", "collection", "name", "expires", "uploads"],
  conduct: ["id", "wish"],
};

/** @satisfies {Fields<FromEngine | TakenMessage>} */
export const FROM_ENGINE = {
  phase: ["name", "state", "ms"],
  received: ["name", "bytes"],
  failed: ["problem"],
  ready: ["versions", "policies", "services"],
  calls: ["source", "made"],
  pong: ["id"],
  opened: ["id", "problem"],
  taken: ["serial"],
  "scorer-tried": ["id", "problem", "features", "optional"],
  console: ["text"],
  started: ["id", "seed", "guesses"],
  drawn: ["id", "index", "image"],
  noted: ["id", "problem"],
  queried: ["id", "tag", "found", "new", "dropped", "source"],
  scored: ["id", "photo", "score", "tag", "twin", "thumbnail", "itself", "before"],
  skipped: ["id", "photo", "problem"],
  troubled: ["id", "problem"],
  progress: ["id", "calls", "photos", "seconds", "asking", "estimates", "unseen", "services", "filtered"],
  finished: ["id", "reason", "calls", "photos", "seconds", "problem"],
  recomputing: ["id", "done", "total"],
  rescored: ["id", "scores", "order", "itself"],
  ranked: ["id", "order"],
  joined: ["id", "photo", "score", "thumbnail"],
  collecting: [
    "id",
    "state",
    "done",
    "total",
    "added",
    "unchanged",
    "renamed",
    "rate",
    "left",
    "failures",
    "file",
    "problem",
    "notes",
    "others",
  ],
};

/** The messages that do not come from Python. */
export const WORKER_ONLY = ["phase", "received", "taken"];

/** @satisfies {Fields<PageToCourier>} */
export const PAGE_TO_COURIER = {
  key: ["key"],
  connect: ["engine"],
  grant: ["sources", "calls", "made"],
  learnt: ["id"],
  picture: ["id", "source", "address"],
};

/** @satisfies {Fields<CourierToPage>} */
export const COURIER_TO_PAGE = {
  asked: ["source", "kind", "words", "at"],
  found: ["id", "source", "addresses"],
  pictured: ["id", "body"],
};

/** @satisfies {Fields<EngineToCourier>} */
export const ENGINE_TO_COURIER = { get: ["id", "url"], abort: [] };

/** @satisfies {Fields<AnswerMessage>} */
export const FROM_COURIER = { answer: ["id", "status", "body", "error"] };

/** @satisfies {Fields<LendMessage>} */
export const TO_LENDING = { lend: ["id", "what", "given"] };

/** @satisfies {Fields<FromLending>} */
export const FROM_LENDING = { lent: ["id", "value", "error"], changed: ["collection"] };

/** @satisfies {Fields<FileMessage>} */
export const SITE_FILES = { file: ["name", "bytes"] };

/** @satisfies {Fields<ToVision>} */
export const TO_VISION = { run: ["id", "data", "shape", "layers"], encode: ["id", "tokens"], tokenize: ["id", "text"] };

/** @satisfies {Fields<FromVision>} */
export const FROM_VISION = {
  outputs: ["id", "outputs"],
  tokens: ["id", "tokens"],
  refused: ["id", "message"],
  loaded: [],
};
