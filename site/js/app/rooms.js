import { byId, within } from "../ui/dom.js";
import { Popover } from "../ui/popover.js";

/** Parts of the page that stand open where there is room, else in the sheet behind the query's picture. */
const PARTS = [
  { part: "query-tools", room: "75rem", open: "bar-query", sheet: "sheet-query" },
  { part: "trail", room: "75rem", open: "query-trail", sheet: "sheet-trail" },
  { part: "view-tools", room: "64rem", open: "query-view", sheet: "sheet-view" },
  { part: "ranked", room: "64rem", open: "found-head", sheet: "sheet-view" },
  { part: "source-filter", room: "64rem", open: "found-head", sheet: "sheet-sources" },
].map((place) => ({ ...place, media: matchMedia(`(min-width: ${place.room})`) }));

/** Where the tools of a search are: in the bars of a wide window, in a sheet of a narrow one. */
export class Rooms {
  #sheet = new Popover("query-sheet", 480);

  constructor() {
    const opener = byId("open-query", HTMLButtonElement);
    this.#sheet.serve(opener);
    opener.addEventListener("click", (event) => this.#open(event));
    for (const { media } of PARTS) media.addEventListener("change", () => this.arrange());
    this.arrange();
  }

  /** Puts each part where the window has room for it. */
  arrange() {
    for (const { part, open, sheet, media } of PARTS) {
      const place = byId(media.matches ? open : sheet, HTMLElement);
      const element = byId(part, HTMLElement);
      if (element.parentElement !== place) place.append(element);
    }
  }

  /** @param {MouseEvent} event  On the query's picture: where all stands open, there is nothing for a sheet to hold. */
  #open(event) {
    if (PARTS.some(({ media }) => !media.matches)) return;
    event.preventDefault();
    const photos = byId("open-queries", HTMLButtonElement);
    if (photos.hidden) within(byId("query-tools", HTMLElement), "input", HTMLInputElement).focus();
    else photos.click();
  }

  /** Closes the sheet. */
  close() {
    this.#sheet.close();
  }
}
