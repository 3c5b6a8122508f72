/** @import {Photo} from "../protocol.js" */
import { nameOf } from "../ui/format.js";

/**
 * The line of credit for a photo: as its service words it, else title, owner and licence.
 * @param {Photo} photo
 */
export function creditOf(photo) {
  if (photo.attribution) return photo.attribution;
  const by = photo.owner ? ` by ${photo.owner}` : "";
  return `“${nameOf(photo)}”${by}${photo.license ? `, ${photo.license}` : ""}`;
}

/**
 * An address as a link may have it, whatever a source says: of the web, else "".
 * @param {string} url
 */
export function webAddress(url) {
  return /^https?:\/\//i.test(url) ? url : "";
}
