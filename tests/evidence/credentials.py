"""Pictures with content credentials (C2PA), signed by a house that is invented and that nobody trusts."""

import io
import json
from datetime import UTC, datetime, timedelta

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HOUSE = "Invented Camera Works"
TAKEN = {
    "action": "c2pa.created",
    "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
}
MANIFEST = {
    "claim_generator_info": [{"name": "invented-editor", "version": "1.0"}],
    "title": "signed.jpg",
    "assertions": [{"label": "c2pa.actions", "data": {"actions": [TAKEN]}}],
}
ALLOWED = ("digital_signature", "key_cert_sign", "crl_sign")
OTHERS = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only")


def signed(content: bytes) -> bytes:
    """A JPEG with a manifest that fits it."""
    out = io.BytesIO()
    c2pa.Builder(json.dumps(MANIFEST)).sign(_signer(), "image/jpeg", io.BytesIO(content), out)
    return out.getvalue()


def manifest_of(content: bytes) -> bytes:
    """The segments of a signed JPEG that hold its manifest (APP11, JUMBF)."""
    at, found = 2, b""
    while content[at] == 0xFF and content[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        found += content[at:end] if content[at + 1] == 0xEB else b""
        at = end
    return found


def _signer() -> c2pa.Signer:
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("An invented authority", authority, None, authority)
    chain = [_certificate(HOUSE, key, root, authority), root]
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)
    return c2pa.Signer.from_info(c2pa.C2paSignerInfo(alg=b"es256", sign_cert=pem, private_key=secret, ta_url=None))


def _certificate(name: str, key, issuer: x509.Certificate | None, issuer_key) -> x509.Certificate:
    """As the C2PA specification 2.1, section 14.5, asks of signers; without `issuer` a root."""
    root, now = issuer is None, datetime.now(UTC)
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, name), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    usage = dict.fromkeys((*ALLOWED, *OTHERS, "decipher_only"), False)
    usage |= dict.fromkeys(ALLOWED[1:] if root else ALLOWED[:1], True)
    made = (
        x509.CertificateBuilder(subject if root else issuer.subject, subject, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.KeyUsage(**usage), critical=True)
    )
    if not root:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return made.sign(issuer_key, hashes.SHA256())
