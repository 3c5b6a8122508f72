/** One pixel, which takes the colour of each picture in turn. */
const canvas = document.createElement("canvas");
canvas.width = canvas.height = 1;
const pixel = canvas.getContext("2d", { willReadFrequently: true });

/**
 * About the mean colour of a picture, which stands for it until it may be drawn.
 * @param {Blob} picture
 * @returns {Promise<string>}  As CSS has it; "" where the browser cannot tell.
 */
export async function toneOf(picture) {
  try {
    const small = await createImageBitmap(picture, { resizeWidth: 1, resizeHeight: 1, resizeQuality: "medium" });
    pixel?.drawImage(small, 0, 0);
    small.close();
    const [red, green, blue] = pixel?.getImageData(0, 0, 1, 1).data ?? [];
    return pixel ? `rgb(${red} ${green} ${blue})` : "";
  } catch {
    return ""; // it is no picture that this browser knows
  }
}
