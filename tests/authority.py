"""A time-stamp authority of our own: OpenSSL behind a small HTTP server, with certificates made on the spot."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[stamping]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256
ess_cert_id_alg = sha256
"""


@dataclass
class Authority:
    """`url` and `roots` are for the settings; `answer` replaces what it would say, `asked` keeps the questions."""

    folder: Path
    url: str = ""
    answer: tuple[int, bytes] | None = None
    asked: list[bytes] = field(default_factory=list)

    @property
    def roots(self) -> Path:
        return self.folder / "root.pem"

    def stamp(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        _openssl(self.folder, "ts", "-reply", "-config", "openssl.cnf", "-queryfile", "query", "-out", "reply")
        return (self.folder / "reply").read_bytes()


def make_authority(folder: Path, name: str = "Test Authority") -> Authority:
    """Make keys and certificates in `folder`; the authority is asked directly or by `serving`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "openssl.cnf").write_text(CONFIG.format(folder=folder, name=name))
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "openssl.cnf"]
    _openssl(folder, "req", "-x509", "-extensions", "root", *new_key, "-keyout", "root.key", "-out", "root.pem")
    _openssl(folder, "req", *new_key, "-subj", f"/CN={name} signer", "-keyout", "tsa.key", "-out", "tsa.csr")
    signing = ["-CA", "root.pem", "-CAkey", "root.key", "-extfile", "openssl.cnf", "-extensions", "stamping"]
    _openssl(folder, "x509", "-req", "-in", "tsa.csr", *signing, "-out", "tsa.pem")
    (folder / "serial").write_text("01\n")
    return Authority(folder)


@contextmanager
def serving(authority: Authority) -> Iterator[Authority]:
    """Answer on a port of this machine while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            query = self.rfile.read(int(self.headers["Content-Length"]))
            authority.asked.append(query)
            status, body = authority.answer or (200, authority.stamp(query))
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        authority.url = f"http://127.0.0.1:{server.server_port}/tsr"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield authority
        finally:
            server.shutdown()
            thread.join()


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
