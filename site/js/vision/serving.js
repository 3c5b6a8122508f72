/** @import {FromVision, ToVision, VisionOrder, VisionEvent} from "../protocol.js" */

/**
 * Serve one engine at a time, one message at a time. When the page connects another, what the one before had asked
 * for and was not begun is left. When the page has it leave, the engine is told, and asks others.
 * @param {MessagePort} page  Brings an order in each message.
 * @param {(port: MessagePort, message: ToVision) => Promise<void>} answer  Never rejects.
 * @param {Promise<unknown>} loaded  Until when nothing is answered.
 * @param {(message: VisionEvent) => void} emit  Called with what there is to do.
 */
export function serve(page, answer, loaded, emit) {
  /** @type {MessagePort | null} */
  let served = null;
  // A session runs one batch at a time, whoever has asked for it.
  let last = Promise.resolve();
  let load = 0;

  /** @param {MessagePort} engine  @param {FromVision} message */
  const say = (engine, message) => engine.postMessage(message);

  /** @param {MessagePort} engine  @param {ToVision} message */
  const take = async (engine, message) => {
    const wanted = engine === served;
    if (wanted) await answer(engine, message);
    load -= 1;
    emit({ type: "load", load, photos: wanted && message.type === "run" ? photosOf(message.shape) : 0 });
  };

  /** @param {{data: VisionOrder}} event */
  page.onmessage = ({ data: { engine } }) => {
    if (served && !engine) say(served, { type: "left" });
    served?.close();
    served = engine;
    if (!engine) {
      emit({ type: "left" });
      return;
    }
    loaded.then(
      () => say(engine, { type: "loaded" }),
      () => {},
    );
    engine.onmessage = ({ data }) => {
      load += 1;
      emit({ type: "load", load, photos: 0 });
      last = last.then(() => take(engine, data));
    };
  };
}

/**
 * How many photos a batch has; an engine may say anything.
 * @param {unknown} shape
 */
function photosOf(shape) {
  const count = Array.isArray(shape) ? Number(shape[0]) : 0;
  return count > 0 && count < 1000 ? count : 0;
}
