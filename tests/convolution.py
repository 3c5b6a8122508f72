"""A convolution written out, to hold the converter's against."""

import numpy as np


def reference_conv(image, weights, bias, stride, depthwise):
    """TensorFlow's SAME convolution, pixel by pixel; weights (out, h, w, in) or (1, h, w, c)."""
    n, rows, columns, _ = image.shape
    _, height, width, _ = weights.shape
    out_rows, out_columns = -(-rows // stride), -(-columns // stride)
    top = max((out_rows - 1) * stride + height - rows, 0) // 2
    left = max((out_columns - 1) * stride + width - columns, 0) // 2
    padded = np.pad(image, [(0, 0), (top, height), (left, width), (0, 0)])
    out = np.empty((n, out_rows, out_columns, len(bias)))
    for row in range(out_rows):
        for column in range(out_columns):
            y, x = row * stride, column * stride
            window = padded[:, y : y + height, x : x + width]
            if depthwise:
                out[:, row, column] = (window * weights).sum((1, 2))
            else:
                out[:, row, column] = np.tensordot(window, weights, ([1, 2, 3], [1, 2, 3]))
    return out + bias
