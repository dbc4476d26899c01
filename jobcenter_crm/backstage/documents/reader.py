"""Reads the text of a PDF or Word file: a program of its own, `python reader.py pdf|docx < file`, answering in JSON.

It runs apart from the web because a file from outside may be made to take all memory or to never end; the system ends
this process then, and nothing else. So it imports nothing of ours. The answer: `state` ("read", "empty", "encrypted",
"too_much" or "broken"), `text`, and `unread`, the number of parts whose text can't be had (pages that are pictures,
files within the file).
"""

import io
import json
import logging
import sys
import zipfile

MEMORY = 1536 * 1024 * 1024
SECONDS = 20
MOST_TEXT = 5_000_000
MOST_XML = 60_000_000
MOST_PAGES = 2000


class Unreadable(Exception):
    """Says the state as its only argument."""


def read_pdf(data, texts):
    """Add to `texts` that of all pages, of what was filled in and of remarks; pages without any count as unread.

    What was read stays read where a later part turns out to be broken.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        try:
            opened = reader.decrypt("")
        except DependencyError:
            opened = False
        if not opened:
            raise Unreadable("encrypted")
    if len(reader.pages) > MOST_PAGES:
        raise Unreadable("too_much")
    unread, length = 0, 0
    for page in reader.pages:
        text = page.extract_text()
        texts.append(text)
        unread += not text.strip()
        for annotation in page.get("/Annots") or []:
            note = annotation.get_object()
            texts += [str(note[key].get_object()) for key in ("/Contents", "/V") if note.get(key)]
        length += len(text)
        if length > MOST_TEXT:
            raise Unreadable("too_much")
    fields = reader.get_fields() or {}
    texts += [str(field["/V"]) for field in fields.values() if field.get("/V")]
    texts += [str(value) for value in (reader.metadata or {}).values()]
    has_pages = unread < len(reader.pages) or bool(fields)
    return unread + len(list(reader.attachments)), has_pages


def read_docx(data, texts):
    """Add to `texts` that of every part: body, tables, text boxes, headers, footers, notes, remarks, and what was struck out."""
    from lxml import etree

    unread, size, has_text = 0, 0, False
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for part in package.infolist():
            name = part.filename.lower()
            if part.flag_bits & 1:
                raise Unreadable("encrypted")
            if name.startswith(("word/embeddings/", "word/afchunk")):
                unread += 1
            if not name.endswith(".xml") or not name.startswith(("word/", "docprops/", "customxml/")):
                continue
            size += part.file_size
            if size > MOST_XML:
                raise Unreadable("too_much")
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            root = etree.fromstring(package.read(part), parser)
            texts.append(in_word(root) if name.startswith("word/") else "\n".join(root.itertext()))
            # A scan that was put on letter paper has text at its head only.
            has_text = has_text or (name.startswith("word/document") and bool(texts[-1].strip()))
        pictures = sum(part.filename.lower().startswith("word/media/") for part in package.infolist())
    return unread + (pictures if not has_text else 0), has_text


def in_word(root):
    """Paragraph by paragraph, cells of a row parted by a tab, so that what spans several runs or cells stays together."""
    said = []
    for element in root.iter():
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if tag in ("t", "delText", "instrText"):
            said.append(element.text or "")
        elif tag in ("tab", "br", "cr"):
            said.append(" ")
        elif tag == "noBreakHyphen":
            said.append("-")
        elif tag == "tc":
            said.append("\t")
        elif tag == "p":
            said.append("" if in_cell_as_first(element) else "\n\n")
    return "".join(said)


def in_cell_as_first(paragraph):
    parent = paragraph.getparent()
    is_cell = parent is not None and isinstance(parent.tag, str) and parent.tag.endswith("}tc")
    return is_cell and not any(one.tag == paragraph.tag for one in paragraph.itersiblings(preceding=True))


def main(kind, data):
    texts = []
    try:
        unread, has_text = {"pdf": read_pdf, "docx": read_docx}[kind](data, texts)
        state = "read" if has_text else "empty"
    except Unreadable as unreadable:
        state, unread = unreadable.args[0], 0
    except MemoryError:
        return {"state": "too_much", "text": "", "unread": 0}
    except Exception:  # a broken file may fail in any way
        state, unread = "broken", 0
    text = "\n\n".join(text for text in texts if text)
    if len(text) > MOST_TEXT:
        return {"state": "too_much", "text": text[:MOST_TEXT], "unread": 0}
    return {"state": state, "text": text, "unread": unread}


def keep_within_bounds():
    """Only where the system has them."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    keep_within_bounds()
    answer = main(sys.argv[1], sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))
