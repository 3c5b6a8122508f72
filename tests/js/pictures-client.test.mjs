/** The page's side of the pictures worker. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { PicturesClient } from "../../site/js/pictures/pictures-client.js";

test("what is asked while the worker starts reaches it by a port, which keeps it", async () => {
  let given;
  globalThis.Worker = class {
    addEventListener() {}
    postMessage(options) {
      given = options;
    }
    terminate() {}
  };
  const client = new PicturesClient("http://site.test/");
  const opened = client.reopen(new Uint8Array([1, 2]), "heic");
  // Only now does the worker listen.
  given.page.onmessage = ({ data }) =>
    given.page.postMessage({ id: data.id, opened: null, error: `${data.kind} ${data.bytes.length}` });
  await assert.rejects(opened, { message: "heic 2" });
  given.page.close();
});
