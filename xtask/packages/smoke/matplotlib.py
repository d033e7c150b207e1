"""A plot with text as PNG and as SVG, without a display."""

import io

import numpy as np
from PIL import Image


def check():
    # Its import makes a folder for files, which a snapshot cannot have.
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(4, 2), dpi=100)
    x = np.linspace(0, 6, 200)
    left.plot(x, np.sin(x), color="red", label="$\\sin x^2$")
    left.set_title("A title")
    left.legend()
    right.contourf(np.outer(x, x), levels=5)
    right.tricontour([0, 1, 0, 1], [0, 0, 1, 1], [0, 1, 1, 2])

    png = io.BytesIO()
    figure.savefig(png, format="png")
    image = Image.open(png).convert("RGB")
    assert image.size == (400, 200)
    colors = {color for _, color in image.getcolors(1 << 20)}
    assert (255, 255, 255) in colors and (255, 0, 0) in colors and len(colors) > 50
    # The title is black text above the axes.
    title = image.crop((40, 0, 200, 22)).convert("L")
    assert title.getextrema()[0] < 60

    svg = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none"}):
        figure.savefig(svg, format="svg")
    assert "<svg" in svg.getvalue() and ">A title</text>" in svg.getvalue()
    plt.close(figure)
