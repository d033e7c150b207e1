"""PNG, JPEG, WebP, resizing, text, and images that are not whole."""

import io

from PIL import Image, ImageDraw, ImageFilter, ImageFont, UnidentifiedImageError, features


def check():
    assert features.check("jpg") and features.check("zlib") and features.check("freetype2") and features.check("webp")
    image = Image.new("RGB", (64, 48), "red")
    ImageDraw.Draw(image).ellipse((5, 5, 40, 40), fill="blue")

    png = saved(image, "PNG")
    assert Image.open(io.BytesIO(png)).convert("RGB").tobytes() == image.tobytes()

    jpeg = saved(image.resize((32, 24)).filter(ImageFilter.BLUR), "JPEG", quality=90, progressive=True)
    opened = Image.open(io.BytesIO(jpeg))
    red, green, blue = opened.getpixel((11, 11))
    assert opened.size == (32, 24) and blue > 200 and red < 60 and green < 60

    webp = Image.open(io.BytesIO(saved(image, "WEBP", lossless=True)))
    assert webp.format == "WEBP" and webp.convert("RGB").tobytes() == image.tobytes()
    frames = [image, image.rotate(90)]
    moving = saved(image, "WEBP", save_all=True, append_images=frames[1:])
    assert Image.open(io.BytesIO(moving)).n_frames == 2
    try:
        Image.open(io.BytesIO(saved(image, "WEBP")[:40])).load()
        raise AssertionError("half a WebP was accepted")
    except OSError:
        pass

    before = image.tobytes()
    ImageDraw.Draw(image).text((2, 2), "Ag", font=ImageFont.load_default(20), fill="white")
    assert image.tobytes() != before

    broken(saved(image, "JPEG"))
    try:
        Image.open(io.BytesIO(png[:60])).load()
        raise AssertionError("half a PNG was accepted")
    except (OSError, SyntaxError):
        pass
    try:
        Image.open(io.BytesIO(b"no image"))
        raise AssertionError("text was accepted as an image")
    except UnidentifiedImageError:
        pass


def broken(jpeg):
    """libjpeg ends at an error with longjmp. It must be an exception, as often as it occurs, and the next image whole."""
    whole = Image.open(io.BytesIO(jpeg)).tobytes()
    table = jpeg.index(b"\xff\xc4")
    for count in range(3):
        data = bytearray(jpeg)
        # More codes of one bit than there can be.
        data[table + 5] = 255 - count
        try:
            Image.open(io.BytesIO(bytes(data))).load()
            raise AssertionError("a broken JPEG was accepted")
        except OSError as error:
            assert "broken" in str(error) or "decoder error" in str(error), error
        assert Image.open(io.BytesIO(jpeg)).tobytes() == whole
    try:
        Image.open(io.BytesIO(jpeg[: len(jpeg) // 2])).load()
        raise AssertionError("half a JPEG was accepted")
    except OSError as error:
        assert "truncated" in str(error)
    try:
        # A JPEG cannot be as wide as this.
        saved(Image.new("L", (70000, 1)), "JPEG")
        raise AssertionError("an image of 70000 columns was written")
    except (OSError, ValueError):
        pass


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
