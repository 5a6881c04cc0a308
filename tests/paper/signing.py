"""Throw-away keys that sign PDF files in tests."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec


@dataclass(frozen=True)
class Signer:
    """A key with its certificate, and the certificate's issuer."""

    signer: signers.SimpleSigner
    certificate: bytes


def make_signer(folder: Path, name: str, organisation: str, *, until: int = 2036) -> Signer:
    """Make a throw-away key and certificate to a year; ``folder`` is where its file stands for a moment."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        ]
    )
    usage = x509.KeyUsage(True, True, False, False, False, True, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(0xCA)
        .not_valid_before(datetime(min(2026, until - 1), 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(until, 1, 1, tzinfo=UTC))
        .add_extension(usage, critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "key.p12"
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(b"key", key, certificate, None, serialization.NoEncryption())
    )
    loaded = signers.SimpleSigner.load_pkcs12(str(file))
    assert loaded is not None
    return Signer(loaded, certificate.public_bytes(serialization.Encoding.PEM))


def signed(
    data: bytes,
    signer: Signer,
    field: str = "Ky1",
    reason: str = "Phê duyệt",
    box: tuple[int, int, int, int] | None = None,
) -> bytes:
    """Sign a PDF as a signing program does: what was there stays, the signature comes behind it; in a box it shows."""
    metadata = signers.PdfSignatureMetadata(field_name=field, reason=reason)
    with ThreadPoolExecutor(1) as beside:  # browser tests leave an event loop in this thread
        target = beside.submit(
            signers.sign_pdf,
            IncrementalPdfFileWriter(io.BytesIO(data)),
            metadata,
            signer=signer.signer,
            new_field_spec=SigFieldSpec(field, box=box) if box else None,
        ).result()
    return bytes(target.getvalue())
