/**
 * Text to the tokens of a model, by Hugging Face's own library. Bundled by lookalike_build.bundle, and
 * loaded by the engine worker when a model that encodes text first needs it.
 */
import { Tokenizer } from "@huggingface/tokenizers";

/**
 * Make a tokenizer of a tokenizer.json.
 * @param {object} content
 * @returns {(text: string) => number[]}
 */
export function tokenizerOf(content) {
  const tokenizer = new Tokenizer(content, {});
  return (text) => tokenizer.encode(text).ids;
}
