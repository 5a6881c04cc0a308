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


@dataclass(frozen=True)
class Signer:
    """A key with its certificate, and the certificate's issuer."""

    signer: signers.SimpleSigner
    certificate: bytes


def make_signer(folder: Path, name: str, organisation: str) -> Signer:
    """Make a throw-away key and certificate; ``folder`` is where its file stands for a moment."""
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
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
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


def signed(data: bytes, signer: Signer, field: str = "Ky1", reason: str = "Phê duyệt") -> bytes:
    """Sign a PDF as a signing program does: what was there stays, the signature comes behind it."""
    metadata = signers.PdfSignatureMetadata(field_name=field, reason=reason)
    with ThreadPoolExecutor(1) as beside:  # browser tests leave an event loop in this thread
        target = beside.submit(
            signers.sign_pdf, IncrementalPdfFileWriter(io.BytesIO(data)), metadata, signer=signer.signer
        ).result()
    return bytes(target.getvalue())
