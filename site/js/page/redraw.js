const LONGEST = 1024;

/**
 * Opens an image with the browser's own decoders (HEIC, AVIF, SVG and very large files among
 * them) and returns it as a PNG of at most 1,024 pixels, or null where the browser cannot.
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
