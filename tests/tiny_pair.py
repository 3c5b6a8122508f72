"""A text network, an image network and a tokenizer of a few hundred weights, of CLIP's contract."""

import json
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

NAMES = {"image": "clip-image.onnx", "text": "clip-text.onnx", "tokenizer": "clip-tokenizer.json"}
LENGTH, SIZE, WIDTH = 77, 32, 8
WORDS = ("a", "photo", "of", "red", "blue", "cat", "sea", "night")
START, END = "<|startoftext|>", "<|endoftext|>"


def tokenizer() -> dict:
    """Byte pairs within words, as CLIP's: letters, then a few whole words."""
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)] + list("0123456789.,!?'-")
    vocabulary = [*letters, *(f"{letter}</w>" for letter in letters)]
    merges = []
    for word in WORDS:
        made = [*word[:-1], f"{word[-1]}</w>"]
        while len(made) > 1:
            made[:2] = ["".join(made[:2])] if (merges.append(made[:2]) or True) else []
            vocabulary.append(made[0])
    vocabulary = [*dict.fromkeys(vocabulary), START, END]
    places = {piece: place for place, piece in enumerate(vocabulary)}
    added = [
        {
            "id": places[piece],
            "content": piece,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": True,
            "special": True,
        }
        for piece in (START, END)
    ]
    split = {"Regex": r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "NFC"},
                {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "},
                {"type": "Lowercase"},
            ],
        },
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Split", "pattern": split, "behavior": "Removed", "invert": True},
                {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True},
            ],
        },
        "post_processor": {
            "type": "RobertaProcessing",
            "sep": [END, places[END]],
            "cls": [START, places[START]],
            "trim_offsets": False,
            "add_prefix_space": False,
        },
        "decoder": None,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": END,
            "continuing_subword_prefix": "",
            "end_of_word_suffix": "</w>",
            "fuse_unk": False,
            "vocab": places,
            "merges": [" ".join(pair) for pair in dict.fromkeys(map(tuple, merges))],
        },
    }


def text_network(words: int) -> bytes:
    """The mean of the tokens' vectors: `input_ids` (1, 77) to `text_embeds` (1, 8)."""
    weights = np.random.default_rng(0).standard_normal((words, WIDTH)).astype(np.float32)
    nodes = [
        helper.make_node("Gather", ["vectors", "input_ids"], ["each"]),
        helper.make_node("ReduceMean", ["each"], ["text_embeds"], axes=[1], keepdims=0),
    ]
    tokens = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, LENGTH])
    embeds = helper.make_tensor_value_info("text_embeds", TensorProto.FLOAT, [1, WIDTH])
    return _network(nodes, tokens, embeds, [numpy_helper.from_array(weights, "vectors")])


def image_network() -> bytes:
    """`pixel_values` (n, 3, 32, 32) to `image_embeds` (n, 8), by its mean colours."""
    weights = np.random.default_rng(1).standard_normal((WIDTH, 3)).astype(np.float32)
    nodes = [
        helper.make_node("GlobalAveragePool", ["pixel_values"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["colours"]),
        helper.make_node("Gemm", ["colours", "vectors"], ["image_embeds"], transB=1),
    ]
    shape = ["n", 3, SIZE, SIZE]
    pixels = helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, shape)
    embeds = helper.make_tensor_value_info("image_embeds", TensorProto.FLOAT, ["n", WIDTH])
    return _network(nodes, pixels, embeds, [numpy_helper.from_array(weights, "vectors")])


def _network(nodes, source, result, stored) -> bytes:
    graph = helper.make_graph(nodes, "tiny", [source], [result], stored)
    opset = helper.make_opsetid("", 17)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=8)
    return model.SerializeToString(deterministic=True)


def contents() -> dict[str, bytes]:
    """The three files, by the recipe's part."""
    pieces = tokenizer()
    return {
        "image": image_network(),
        "text": text_network(len(pieces["model"]["vocab"])),
        "tokenizer": json.dumps(pieces).encode(),
    }


def end() -> int:
    """The token that a text ends with."""
    return tokenizer()["model"]["vocab"][END]


def make(folder: Path) -> None:
    """Write the three files under the names that models/clip.toml gives them."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, content in contents().items():
        (folder / NAMES[part]).write_bytes(content)


def recipe(text: str) -> str:
    """models/clip.toml, changed to fit these files."""
    last = end()
    return (
        text.replace("size = 224", f"size = {SIZE}")
        .replace("pad = 49407", f"pad = {last}")
        .replace("end = 49407", f"end = {last}")
    )
