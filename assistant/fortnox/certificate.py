"""Who issued a certificate, in a word a person can pass on to IT."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import NameOID


def issuer(certificate: bytes) -> str | None:
    """The issuer's organisation and name from a DER certificate, such as "Zscaler Inc. (Zscaler Root CA)"."""
    try:
        name = x509.load_der_x509_certificate(certificate).issuer
        found = [
            " ".join(part for part in str(attribute.value).split() if part.isprintable())[:80]
            for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
            for attribute in name.get_attributes_for_oid(oid)[:1]
        ]
    except (ValueError, TypeError):
        return None
    known = [part for part in dict.fromkeys(found) if part]
    if len(known) == 2:
        return f"{known[0]} ({known[1]})"
    return known[0] if known else None
