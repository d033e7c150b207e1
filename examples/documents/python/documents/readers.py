"""Reads documents, with the library for each kind."""

import base64
import binascii
import io
import zipfile
from pathlib import PurePosixPath

import lxml.html
import orjson
import pypdf
import python_calamine
from PIL import ExifTags, Image, ImageOps

from .models import Attachment, Document, Part

# The longer side of the preview of an image, in pixels. Images up to this size have none.
PREVIEW = 64


def pdf(data: bytes) -> Document:
    """Its pages, and the files and the images in it."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    parts, attachments = [], []
    for number, page in enumerate(reader.pages, start=1):
        parts.append(Part(name=f"page {number}", text=page.extract_text()))
        for image in page.images:
            attachments.append(Attachment(filename=f"page-{number}-{image.name}", data=image.data))
    for name, contents in reader.attachments.items():
        attachments.extend(Attachment(filename=filename(name), data=content) for content in contents)
    title = reader.metadata.title if reader.metadata else None
    return Document(kind="pdf", title=title, parts=parts, attachments=attachments)


def xlsx(data: bytes) -> Document:
    """Its sheets as text with tabs between cells, and the images on them."""
    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    parts = []
    for name in workbook.sheet_names:
        rows = workbook.get_sheet_by_name(name).to_python()
        text = "\n".join("\t".join(str(cell) for cell in row) for row in rows)
        parts.append(Part(name=name, text=text))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        media = [name for name in archive.namelist() if name.startswith("xl/media/")]
        attachments = [Attachment(filename=filename(name), data=archive.read(name)) for name in media]
    return Document(kind="xlsx", parts=parts, attachments=attachments)


def html(data: bytes) -> Document:
    """Its headings, each with the text up to the next, and the images that are in the page itself."""
    root = lxml.html.document_fromstring(data)
    parts: list[tuple[str, list[str]]] = []
    for element in root.iterfind(".//body//*"):
        if element.tag in ("h1", "h2", "h3"):
            parts.append((element.text_content(), []))
        elif element.tag in ("p", "li", "td", "pre"):
            if not parts:
                parts.append(("(before the first heading)", []))
            parts[-1][1].append(element.text_content())
    attachments = []
    for number, source in enumerate(root.xpath("//img/@src[starts-with(., 'data:image/')]"), start=1):
        head, _, body = source.partition(",")
        try:
            content = base64.b64decode(body, validate=True)
        except binascii.Error:
            continue
        kind = head.removeprefix("data:image/").partition(";")[0]
        attachments.append(Attachment(filename=f"image-{number}.{filename(kind)}", data=content))
    return Document(
        kind="html",
        title=root.findtext(".//title"),
        parts=[Part(name=name, text="\n".join(texts)) for name, texts in parts],
        attachments=attachments,
    )


def image(data: bytes) -> Document:
    """Its format and size, and a small preview."""
    opened = Image.open(io.BytesIO(data))
    upright = ImageOps.exif_transpose(opened)
    name = f"{opened.format} {upright.width} x {upright.height}, {opened.mode}"
    attachments = []
    if max(upright.size) > PREVIEW:
        small = upright.convert("RGB")
        small.thumbnail((PREVIEW, PREVIEW))
        file = io.BytesIO()
        small.save(file, "PNG")
        attachments.append(Attachment(filename="preview.png", data=file.getvalue()))
    exif = opened.getexif()
    text = "\n".join(f"{ExifTags.TAGS.get(tag, tag)}: {value}" for tag, value in exif.items())
    return Document(kind="image", parts=[Part(name=name, text=text)], attachments=attachments)


def json(data: bytes) -> Document:
    """The values at its top level."""
    value = orjson.loads(data)
    match value:
        case dict():
            items = value.items()
        case list():
            items = ((f"[{index}]", item) for index, item in enumerate(value))
        case _:
            items = [("value", value)]
    parts = [Part(name=name or "(no name)", text=orjson.dumps(item).decode()) for name, item in items]
    return Document(kind="json", parts=parts)


OF_KIND = {"html": html, "image": image, "json": json, "pdf": pdf, "xlsx": xlsx}


def filename(path: str) -> str:
    """The last component of a path in a document."""
    return PurePosixPath(path.replace("\\", "/")).name or "unnamed"
