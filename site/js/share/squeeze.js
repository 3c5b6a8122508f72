/**
 * Text, compressed, in the characters that a link may hold.
 * @param {string} text
 */
export async function pack(text) {
  const squeezed = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(squeezed).arrayBuffer());
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * The text again. Few bytes may hold very many: so it stops at a limit.
 * @param {string} packed
 * @param {number} most  Bytes.
 */
export async function unpack(packed, most) {
  const binary = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  let text = "";
  for (let size = 0; ; ) {
    const { value, done } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > most) {
      reader.cancel().catch(() => {});
      throw new RangeError("it holds too much");
    }
    text += decoder.decode(value, { stream: true });
  }
}
