"""Is the document itself fit to publish, as the chapter on documentation asks?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from apicheck.answers import Answer, Fault, Unsure
from apicheck.lint.lexicon import words
from apicheck.lint.nodes import mapping, opening, sequence
from apicheck.lint.registry import check
from apicheck.lint.servers import urls
from apicheck.openapi import View

_SUPPORTED = re.compile(r"3\.[0-2]\.(?:0|[1-9][0-9]*)")
_MARKUP = re.compile(r"```.*?```|`[^`\n]*`|<[^<>]*>|\]\([^()\s]*\)|https?://\S+", re.DOTALL)
_WORD = re.compile(r"[a-zà-ÿ]+")
_ENOUGH_WORDS, _MORE_THAN_ENOUGH_WORDS = 50, 5_000
_NOT_FOLLOWED = {
    f"errors.ref-{reason}" for reason in ("elsewhere", "without-folder", "outside-folder", "file-forbidden", "too-much")
}


@check("openapi-version")
def openapi_version(api: View) -> Iterator[Answer]:
    """Is the document written in a published version of OpenAPI 3? /core/doc-openapi."""
    version = api.document.root.get("openapi")
    if isinstance(version, str) and _SUPPORTED.fullmatch(version):
        yield None
    else:
        yield Fault("lint.openapi-version", at=api.document.place("openapi"), version=version)


@check("paths-defined")
def paths_defined(api: View) -> Iterator[Answer]:
    """Does the document define at least one path? /core/doc-openapi, How to test. Webhooks alone are no paths."""
    if api.path_items:
        yield None
    else:
        has_paths = "paths" in api.document.root
        yield Fault("lint.no-paths", at=api.document.place("paths") if has_paths else api.document.place())


@check("contact-present")
def contact_present(api: View) -> Iterator[Answer]:
    """Does ``info.contact`` say how to reach somebody? /core/doc-openapi-contact.

    The standard names no field that must be there: one of name, url and email is enough.
    """
    contact = _contact(api)
    if any(isinstance(contact.get(key), str) and contact[key].strip() for key in ("name", "url", "email")):
        yield None
    else:
        at = api.document.place("info", "contact") if contact else api.document.place("info")
        yield Fault("lint.no-contact", at=at)


@check("contact-specific")
def contact_specific(api: View) -> Iterator[Answer]:
    """Is the address of the contact that of the people of this API, and not of a whole organisation? /core/doc-openapi-contact."""
    address = _contact(api).get("email")
    if not isinstance(address, str) or "@" not in address:
        return
    if address.partition("@")[0].strip().lower() in words("generic-mailboxes"):
        yield Fault("lint.generic-contact", at=api.document.place("info", "contact", "email"), address=address)
    else:
        yield None


@check("documentation-in-dutch")
def documentation_in_dutch(api: View) -> Iterator[Answer]:
    """Is the text of the document more Dutch than English, by the words that every text is full of? /core/doc-language."""
    dutch, english = words("stop-words-nl"), words("stop-words-en")
    words_of_texts = (word for text in _texts(api) for word in _WORD.findall(_MARKUP.sub(" ", text).lower()))
    spoken = list(islice(words_of_texts, _MORE_THAN_ENOUGH_WORDS))
    if len(spoken) < _ENOUGH_WORDS:
        return
    in_dutch, in_english = (sum(word in language for word in spoken) for language in (dutch, english))
    if in_english > in_dutch:
        yield Fault("lint.documentation-in-english", at=api.document.place("info"), english=in_english, dutch=in_dutch)
    else:
        yield None


@check("openapi-location-derivable")
def openapi_location_derivable(api: View) -> Iterator[Answer]:
    """Does a server URL tell where the published document should be found? /core/publish-openapi."""
    if api.document.source.url or any(url.authority for server in api.servers for url in urls(server)):
        yield None
    else:
        yield Fault("lint.no-absolute-server", at=api.document.place("servers") if api.servers else api.document.place())


@check("refs-resolve")
def refs_resolve(api: View) -> Iterator[Answer]:
    """Does every reference lead somewhere? /core/doc-openapi.

    A reference to another address is not followed: whoever checks the document of another sends no requests to where it points.
    Nor is one to a file that we may not open, which says nothing about the document.
    """
    for reference in api.document.references:
        if reference.reason is None:
            yield None
        elif reference.reason in _NOT_FOLLOWED:
            yield Unsure(reference.reason, reference=reference.reference)
        else:
            yield Fault(reference.reason, at=reference.place, reference=reference.reference)


def _contact(api: View) -> dict[str, Any]:
    return mapping(api.info.get("contact"))


def _texts(api: View) -> Iterator[str]:
    """What the document says in prose: the titles, summaries and descriptions of the API, its tags, operations and parameters."""
    root = api.document.root
    holders = [mapping(root.get("info")), *map(mapping, sequence(root.get("tags")))]
    for holder in (*holders, *(item.value for item in (*api.operations, *api.parameters, *api.responses, *api.schemas))):
        yield from (opening(holder.get(key)) for key in ("summary", "description"))
