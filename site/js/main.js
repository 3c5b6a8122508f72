import { EngineClient } from "./engine-client.js";
import { App } from "./page/app.js";

new App((onMessage) => new EngineClient(onMessage));
