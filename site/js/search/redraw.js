const LONGEST = 1024;

/**
 * Draws a vector image (SVG), which nothing but a page can, and returns it as a PNG of at most 1,024
 * pixels, or null where that is not possible. Pictures are opened by the engine.
 * @param {string} url
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>}
 */
export async function redraw(url) {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    const canvas = drawn(image);
    if (!canvas) return null;
    const blob = await canvas.convertToBlob({ type: "image/png" });
    return new Uint8Array(await blob.arrayBuffer());
  } catch {
    return null;
  }
}

/**
 * @param {HTMLImageElement} image
 * @returns {OffscreenCanvas | null}
 */
function drawn(image) {
  const { naturalWidth, naturalHeight } = image;
  const scale = Math.min(1, LONGEST / Math.max(naturalWidth, naturalHeight));
  const width = Math.max(1, Math.round(naturalWidth * scale));
  const height = Math.max(1, Math.round(naturalHeight * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context || !naturalWidth) return null;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, width, height);
  return canvas;
}
