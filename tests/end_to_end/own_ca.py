"""An operator's own CA, and the files that it gives for the service's TLS."""

import os
import subprocess


def openssl(*arguments, check=True, stdin=""):
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True,
                          errors="replace", check=check, input=stdin, timeout=60)


# Those that clients have built in.
PUBLIC_NAMES = ["ssl.tencentcloudapi.com", "ssl.intl.tencentcloudapi.com",
                "ssl.internal.tencentcloudapi.com", "ssl.ap-guangzhou.tencentcloudapi.com"]


class Certificates:
    """A certificate for this machine and its key, as an operator's own CA gives them."""

    def __init__(self, folder):
        folder.mkdir()
        self.root = folder / "root.pem"
        self.certificate = folder / "cert.pem"
        self.key = folder / "key.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", folder / "root.key", "-out", self.root, "-subj", "/CN=Operators",
                "-days", 30)
        self.folder = folder
        self.renew("first")

    def renew(self, name):
        new = self.folder / "new"
        new.mkdir()
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", new / "key.pem", "-out", new / "leaf.pem", "-subj", f"/CN={name}",
                "-addext", "subjectAltName=" + ",".join(
                    ["IP:127.0.0.1", "DNS:localhost", "DNS:ssl.localhost", "DNS:tag.localhost",
                     *(f"DNS:{name}" for name in PUBLIC_NAMES)]),
                "-addext", "basicConstraints=critical,CA:FALSE",
                "-CA", self.root, "-CAkey", self.folder / "root.key", "-days", 20)
        (new / "cert.pem").write_text((new / "leaf.pem").read_text() + self.root.read_text())
        os.replace(new / "cert.pem", self.certificate)
        os.replace(new / "key.pem", self.key)
        (new / "leaf.pem").unlink()
        new.rmdir()

    def flags(self):
        return ["--tls-cert", str(self.certificate), "--tls-key", str(self.key),
                "--https", "127.0.0.1:0", "--grpcs", "127.0.0.1:0"]
