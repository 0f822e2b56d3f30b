"""Is what a person reads of a report what this version makes of it?

Every form in a bundle is made again from ``report.json``, that file itself, the papers and the evidence among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import product

from apicheck.errors import UnreadableReport, WrongUse
from apicheck.model import Report
from apicheck.report import FORMATS, Format, har, pdf
from apicheck.sign import seal
from apicheck.sign.bundle import Bundle
from apicheck.sign.paper import LANGUAGES
from apicheck.sign.standing import HERE, Found, Standing, unequal
from apicheck.words import say


def standing(report: Report | UnreadableReport, bundle: Bundle) -> Found:
    """Yield all there is to say about the forms of a report in a bundle."""
    if isinstance(report, UnreadableReport):
        yield Standing.UNDETERMINED, say("sign.page-without-report")
        return
    pages = tuple(_pages(report, bundle))
    if all(name == bundle.report for name, *_ in pages):
        yield Standing.UNDETERMINED, say("sign.no-page")
    for name, content, rendered in pages:
        try:
            equal = any(content == page or seal.is_all_that_was_added(page, content) for page in rendered)
        except WrongUse as missing:  # what renders this form is not installed
            yield Standing.UNDETERMINED, missing.explain()
        else:
            if not equal:
                yield unequal(report), say("sign.other-page", file=name, made=report.tool, here=HERE)
    yield from _evidence(report, bundle)
    yield Standing.OK, say("sign.page-equal", files=", ".join(name for name, *_ in pages))


def _pages(report: Report, bundle: Bundle) -> Iterator[tuple[str, bytes, Iterator[bytes]]]:
    """Yield every form of the report in a bundle: its name, what it is, and all that it may be."""
    for form in FORMATS.values():
        if form.file in bundle.files:
            yield form.file, bundle.files[form.file], _rendered(form, report)
    for file, content in bundle.papers.items():
        yield file.name, content, _set(report, bundle.envelopes)


def _rendered(form: Format, report: Report) -> Iterator[bytes]:
    """Yield a form of the report in both languages; which one a bundle holds is for whoever made it to choose."""
    for language in LANGUAGES:
        rendered = form.render(report, language)
        yield rendered.encode() if isinstance(rendered, str) else rendered


def _set(report: Report, envelopes: bytes | None) -> Iterator[bytes]:
    """Yield the paper of the report in both languages, with its signatures and as it was before there were any."""
    for attached, language in product(dict.fromkeys((envelopes, None)), LANGUAGES):
        yield pdf.render(report, language, attached)


def _evidence(report: Report, bundle: Bundle) -> Found:
    """Is each file of evidence named after its own bytes, and does it show a finding of this report?"""
    shown = har.evidence(report)
    for path, content in bundle.evidence.items():
        name = path.rpartition("/")[2]
        if name != f"{sha256(content).hexdigest()}.har":
            yield Standing.NOT_OK, say("sign.evidence-renamed", file=path)
        elif name not in shown:
            yield unequal(report), say("sign.evidence-of-another", file=path, made=report.tool, here=HERE)
