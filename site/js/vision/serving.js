/** @import {FromVision, ToVision} from "../protocol.js" */

/**
 * Serve one engine at a time, one message at a time. When the page connects another, what the one before had asked
 * for and was not begun is left.
 * @param {MessagePort} page  Brings an engine's port in each message.
 * @param {(port: MessagePort, message: ToVision) => Promise<void>} answer  Never rejects.
 * @param {Promise<unknown>} loaded  Until when nothing is answered.
 */
export function serve(page, answer, loaded) {
  /** @type {MessagePort | null} */
  let served = null;
  // A session runs one batch at a time, whoever has asked for it.
  let last = Promise.resolve();
  page.onmessage = ({ data }) => {
    served?.close();
    /** @type {MessagePort} */
    const engine = data.engine;
    served = engine;
    /** @type {FromVision} */
    const ready = { type: "loaded" };
    loaded.then(
      () => engine.postMessage(ready),
      () => {},
    );
    engine.onmessage = (event) => {
      last = last.then(() => (engine === served ? answer(engine, event.data) : undefined));
    };
  };
}
