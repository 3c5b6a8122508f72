/** @import {KeptRecord} from "./record.js" */
import { Result } from "../search/result.js";

const NOTHING = new Uint8Array();

/** A photo of the shortlist. Its picture is there if it was found in this visit, or has been fetched again. */
export class KeptPhoto extends Result {
  /**
   * @param {KeptRecord} record
   * @param {Uint8Array} [thumbnail]  Where it is known.
   */
  constructor(record, thumbnail = NOTHING) {
    super({ id: 0, photo: record.photo, score: 0, tag: record.tag, twin: null, thumbnail, before: false });
    this.record = record;
    // It was seen when it was kept.
    this.unveiled = true;
  }

  /** Whether its picture is there. */
  get pictured() {
    return this.thumbnail.length > 0;
  }
}
