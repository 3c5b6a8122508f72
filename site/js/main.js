import { EngineClient } from "./engine-client.js";
import { App } from "./page/app.js";

// Where check-browser.js has found that this browser is too old, the page says so and that is all.
if (!document.documentElement.dataset["unfit"]) new App((onMessage) => new EngineClient(onMessage));
