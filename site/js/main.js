import { EngineClient } from "./client/engine-client.js";
import { Visit } from "./offline/visit.js";
import { App } from "./app/app.js";

// Where check-browser.js has found that this browser is too old, the page says so and that is all.
if (!document.documentElement.dataset["unfit"]) {
  const visit = new Visit();
  new App((onMessage) => new EngineClient(onMessage, { begun: visit.begun }), visit);
}
