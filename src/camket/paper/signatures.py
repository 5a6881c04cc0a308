"""Digital signatures in a PDF file: who signed, when, whether what was signed is unchanged, and whether the signer is known.

Nothing is fetched from the network: a certificate is trusted where the chain of certificates in the file leads to a root
that the installation holds. Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, mục 8 (digital signatures of the person
and of the agency); ISO 32000-1, 12.8; ETSI EN 319 142 (PAdES).
"""

from __future__ import annotations

import io
import logging
import unicodedata
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line

_MOST = 50
"""More signatures than a document passed through a whole province has."""


_LONGEST = 500
"""More signs than a name in a certificate or a reason for signing has."""


class NotAPdf(Refusal):
    """The file is no PDF that can be read."""


@dataclass(frozen=True, slots=True)
class PdfSignature:
    """One signature, in the order in which they were made.

    ``is_intact``: the bytes it covers are as they were signed, and the signature belongs to the certificate.
    ``covers_all``: nothing came after it but what a later signature may add (``is_changed`` says that something else did).
    ``is_trusted``: a root that the installation holds vouches for the certificate. ``signed_at`` is what the file says;
    ``is_stamped`` where an authority of time vouches for it. ``valid_from`` and ``valid_to`` are the certificate's.
    """

    signer: str
    organisation: str
    signed_at: datetime | None
    is_stamped: bool
    reason: str
    is_intact: bool
    covers_all: bool
    is_changed: bool
    is_trusted: bool
    issuer: str
    serial: str
    valid_from: datetime
    valid_to: datetime
    problem: str = ""

    @property
    def was_valid_then(self) -> bool:
        """Whether the certificate was within its days when the file says that it was signed."""
        return self.signed_at is not None and self.valid_from <= self.signed_at <= self.valid_to


def signatures_in(data: bytes, *, roots: Sequence[bytes] = ()) -> tuple[PdfSignature, ...]:
    """Return the signatures that a PDF bears; none where it bears none. ``roots`` are trusted certificates (DER or PEM).

    Raises NotAPdf where the file is none, is damaged or locked.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    _keep_quiet()
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=False)
        if reader.encrypted:
            raise NotAPdf(
                Message(
                    gettext_noop(
                        "The file is locked with a password. Choose the signed file as it was handed out."
                    )
                )
            )
        found = [each for each in reader.embedded_signatures if _is_of_document(each)][:_MOST]
        anchors = _anchors(tuple(roots))
        # The library begins an event loop of its own, which a thread that has one may not.
        with ThreadPoolExecutor(1, thread_name_prefix="signatures") as beside:
            return tuple(beside.map(lambda each: _signature(each, anchors), found))
    except (
        PdfError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        AssertionError,
        RuntimeError,
        OSError,
        zlib.error,
        UnsupportedAlgorithm,
    ):
        raise NotAPdf(
            Message(
                gettext_noop(
                    "The file cannot be read as a PDF. Choose the signed file as the signing program saved it."
                )
            )
        ) from None


def is_signed_alone(data: bytes, before: bytes) -> bool:
    """Tell whether a PDF is ``before`` to the byte, with nothing behind it but signatures and what goes with them.

    What stands behind the bytes of a file can still put other pages in the place of its own, also before it is signed: then
    the signature holds, over another text. So of the objects of ``before`` only these may be written anew: its catalogue and
    pages, where they name signatures, and what is said about the file.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    if not data.startswith(before):
        return False
    _keep_quiet()
    try:
        old = PdfFileReader(io.BytesIO(before), strict=False)
        new = PdfFileReader(io.BytesIO(data), strict=False)
        return _has_same_pages(old, new)
    except (
        PdfError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RuntimeError, OSError, zlib.error,
    ):  # fmt: skip
        return False


_OF_CATALOGUE = frozenset({"/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Perms", "/Version"})
"""What a signing program writes into the catalogue."""


def _has_same_pages(old: Any, new: Any) -> bool:
    if not _is_same(old.root, new.root, _OF_CATALOGUE):
        return False
    pages = {each.reference: each.get_object() for each in _pages(old)}
    free = {old.trailer.raw_get(key).reference for key in ("/Root", "/Info") if key in old.trailer}
    if "/Metadata" in old.root:
        free.add(old.root.raw_get("/Metadata").reference)
    for revision in range(old.xrefs.total_revisions, new.xrefs.total_revisions):
        for reference in new.xrefs.explicit_refs_in_revision(revision):
            if reference in pages:
                now = new.get_object(reference)
                if not _is_same(pages[reference], now, frozenset({"/Annots"})):
                    return False
                if not _only_signatures_added(pages[reference], now):
                    return False
            elif reference not in free and _stood(old, reference):
                return False
    return True


def _stood(reader: Any, reference: Any) -> bool:
    """Tell whether a file has an object."""
    return any(
        reference in reader.xrefs.explicit_refs_in_revision(each)
        for each in range(reader.xrefs.total_revisions)
    )


def _pages(reader: Any) -> list[Any]:
    """Return the references to the pages in order."""
    found, open_nodes = [], [reader.root.raw_get("/Pages")]
    while open_nodes:
        node = open_nodes.pop(0)
        page = node.get_object()
        if page["/Type"] == "/Page":
            found.append(node)
        else:
            kids = page["/Kids"]
            open_nodes = [kids.raw_get(index) for index in range(len(kids))] + open_nodes
    return found


def _only_signatures_added(old: Any, now: Any) -> bool:
    """Tell whether what stands on a page beside its text is as it was, but for fields of signatures."""
    before, after = (
        [each["/Annots"].raw_get(index) for index in range(len(each["/Annots"]))] if "/Annots" in each else []
        for each in (old, now)
    )
    same = [_written(each) for each in before]
    if [_written(each) for each in after[: len(before)]] != same:
        return False
    added = [each.get_object() for each in after[len(before) :]]
    return all(each.get("/Subtype") == "/Widget" and each.get("/FT") == "/Sig" for each in added)


def _is_same(old: Any, now: Any, but: frozenset[str]) -> bool:
    return {key: _written(old.raw_get(key)) for key in old if key not in but} == {
        key: _written(now.raw_get(key)) for key in now if key not in but
    }


def _written(value: Any) -> bytes:
    target = io.BytesIO()
    value.write_to_stream(target, None)
    return target.getvalue()


@cache
def _keep_quiet() -> None:
    """Let an unknown signer be a finding, not a traceback in the log."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _is_of_document(embedded: Any) -> bool:
    """Tell a person's or agency's signature from a time stamp over the whole document."""
    return str(embedded.sig_object_type) == "/Sig"


@cache
def _anchors(roots: tuple[bytes, ...]) -> Any:
    from asn1crypto import pem, x509

    return [x509.Certificate.load(pem.unarmor(each)[2] if pem.detect(each) else each) for each in roots]


def _signature(embedded: Any, anchors: Any) -> PdfSignature:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    certificate = embedded.signer_cert
    moment = embedded.self_reported_timestamp
    status, problem = None, ""
    try:
        status = validate_pdf_signature(
            embedded,
            ValidationContext(
                trust_roots=anchors, allow_fetching=False, moment=moment, best_signature_time=moment
            ),
        )
    except (SignatureValidationError, ValueError) as error:
        problem = str(error)
    names, issued_by = certificate.subject.native, certificate.issuer.native
    is_intact = bool(status and status.intact and status.valid)
    return PdfSignature(
        signer=_said(names.get("common_name") or certificate.subject.human_friendly),
        organisation=_said(names.get("organization_name")),
        signed_at=moment,
        is_stamped=bool(status and status.timestamp_validity is not None),
        reason=_said(embedded.sig_object.get("/Reason")),
        is_intact=is_intact,
        covers_all=bool(
            status
            and status.coverage
            in (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
        ),
        is_changed=bool(
            status and status.coverage is not SignatureCoverageLevel.ENTIRE_FILE and not status.docmdp_ok
        ),
        is_trusted=bool(status and status.trusted),
        issuer=_said(issued_by.get("common_name") or certificate.issuer.human_friendly),
        serial=f"{certificate.serial_number:X}",
        valid_from=certificate.not_valid_before,
        valid_to=certificate.not_valid_after,
        problem=_said(problem),
    )


def _said(value: Any) -> str:
    """Return what a file says in one line that can be kept and shown: no control characters, none that turn the writing.

    Whoever makes a certificate writes into it what he likes; a name may stand in it several times.
    """
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    clean = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text[:_LONGEST])
    return one_line(clean)
