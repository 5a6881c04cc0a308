"""What the next page shows once and nobody keeps: one-time passwords and links to choose one.

They wait in the session until that page is opened. There they are sealed with a key that comes of the installation's
own, so that a copy of the database opens no account.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest


def keep(request: HttpRequest, name: str, value: Any) -> None:
    """Keep what JSON can say under a name of the session, sealed; what was there before is replaced."""
    request.session[name] = _seal().encrypt(json.dumps(value).encode()).decode("ascii")


def look(request: HttpRequest, name: str) -> Any:
    """Return what is kept and leave it there; None for nothing, or what another key sealed."""
    try:
        return json.loads(_seal().decrypt(str(request.session.get(name, ""))))
    except InvalidToken:
        return None


def take(request: HttpRequest, name: str) -> Any:
    """Return what is kept, which is then kept no more; None for nothing."""
    value = look(request, name)
    request.session.pop(name, None)
    return value


def _seal() -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"camket shown once").derive(
        settings.SECRET_KEY.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))
