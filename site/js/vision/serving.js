/** @import {ToVision} from "../protocol.js" */

/**
 * Serve one engine at a time, one message at a time. When the page connects another, what the one before had asked for and
 * was not begun is left.
 * @param {MessagePort} page  Brings an engine's port in each message.
 * @param {(port: MessagePort, message: ToVision) => Promise<void>} answer  Never rejects.
 */
export function serve(page, answer) {
  /** @type {MessagePort | null} */
  let served = null;
  // A session runs one batch at a time, whoever has asked for it.
  let last = Promise.resolve();
  page.onmessage = ({ data }) => {
    served?.close();
    /** @type {MessagePort} */
    const engine = data.engine;
    served = engine;
    engine.onmessage = (event) => {
      last = last.then(() => (engine === served ? answer(engine, event.data) : undefined));
    };
  };
}
