import { EngineClient } from "./engine-client.js";
import { Visit } from "./offline/visit.js";
import { App } from "./page/app.js";

const visit = new Visit();
new App((onMessage) => new EngineClient(onMessage, visit.begun), visit);
