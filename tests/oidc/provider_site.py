"""An OpenID provider of its own: django-oauth-toolkit as a separate Django project, in a process of its own.

    python provider_site.py PORT FOLDER REDIRECT_URI

It signs with an RSA key made at start and keeps its people in its own SQLite. ``POST /mischief/`` with ``mode`` makes
its next ID tokens wrong in one way: another nonce, issuer, audience, time, key or kind of signature.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "cam-ket", "a-secret-of-the-tests-only"
PASSWORD = "mat-khau-o-tinh"
PEOPLE = {
    "an": {"email": "an@tinh.example", "email_verified": True},
    "binh": {"email": "binh@tinh.example", "email_verified": False},
    "la": {"email": "la@tinh.example", "email_verified": True},
}
MODE = {"mode": ""}


def _pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _forged(token: str, key: str, other: str) -> str:
    """Return an ID token made wrong in the way that was asked for."""
    claims = jwt.decode(token, options={"verify_signature": False})
    header = {"kid": jwt.get_unverified_header(token).get("kid", "")}
    mode = MODE["mode"]
    now = int(time.time())
    changes: dict[str, dict[str, Any]] = {
        "nonce": {"nonce": "another"},
        "issuer": {"iss": "https://evil.example"},
        "audience": {"aud": "somebody-else"},
        "expired": {"exp": now - 3600, "iat": now - 7200},
        "party": {"azp": "somebody-else"},
        "second_factor": {"amr": ["pwd", "mfa"]},
    }
    if mode == "none":
        return jwt.encode(claims, key=None, algorithm="none", headers=header)
    if mode == "shared_secret":
        return jwt.encode(claims, CLIENT_SECRET, algorithm="HS256", headers=header)
    if mode == "other_key":
        return jwt.encode(claims, other, algorithm="RS256", headers=header)
    return jwt.encode({**claims, **changes.get(mode, {})}, key, algorithm="RS256", headers=header)


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


def main(port: int, folder: Path, redirect_uri: str) -> None:
    import django
    from django.conf import settings

    key, other = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    settings.configure(
        SECRET_KEY="of-the-provider-of-the-tests",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="oidc_urls",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "provider.sqlite3"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        SESSION_COOKIE_NAME="provider_session",
        CSRF_COOKIE_NAME="provider_csrf",
        LOGIN_URL="/login/",
        USE_TZ=True,
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": _pem(key),
            "OIDC_ISS_ENDPOINT": f"http://127.0.0.1:{port}/o",
            "PKCE_REQUIRED": True,
            "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
            "SCOPES": {"openid": "OpenID", "profile": "Profile", "email": "Email"},
            "OAUTH2_VALIDATOR_CLASS": "oidc_urls.Validator",
        },
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    _fill(redirect_uri)
    sys.modules["oidc_urls"] = _urls()
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()

    def provider(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/mischief/":
            MODE["mode"] = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
            start_response("204 No Content", [])
            return []
        if environ["PATH_INFO"] != "/o/token/" or not MODE["mode"]:
            return application(environ, start_response)
        if MODE["mode"] == "broken":
            start_response("200 OK", [("Content-Type", "application/json")])
            return [b"<html>not what was asked for"]
        kept: dict[str, Any] = {}
        body = b"".join(
            application(environ, lambda status, headers, *_: kept.update(status=status, headers=headers))
        )
        answer = json.loads(body)
        if MODE["mode"] == "no_token":
            answer.pop("id_token", None)
        elif "id_token" in answer:
            answer["id_token"] = _forged(answer["id_token"], _pem(key), _pem(other))
        start_response(kept["status"], [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]

    with make_server("127.0.0.1", port, provider, Server, Quiet) as server:
        print("ready", flush=True)
        server.serve_forever()


def _fill(redirect_uri: str) -> None:
    from django.contrib.auth import get_user_model
    from oauth2_provider.models import Application

    for name, facts in PEOPLE.items():
        get_user_model().objects.create_user(name, facts["email"], PASSWORD)
    Application.objects.create(
        name="Cam Kết",
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=redirect_uri,
        algorithm=Application.RS256_ALGORITHM,
    )


def _urls() -> Any:
    from types import ModuleType

    from django.contrib.auth import authenticate, login
    from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
    from django.urls import include, path
    from django.views.decorators.csrf import csrf_exempt
    from oauth2_provider.oauth2_validators import OAuth2Validator

    class Validator(OAuth2Validator):  # type: ignore[misc]
        oidc_claim_scope = None

        def get_additional_claims(self, request: Any) -> dict[str, Any]:
            name = request.user.get_username()
            return {"preferred_username": name, **PEOPLE[name]}

    @csrf_exempt
    def sign_in(request: HttpRequest) -> HttpResponse:
        person = authenticate(
            username=request.POST.get("login", ""), password=request.POST.get("password", "")
        )
        if person is None:
            return HttpResponse("<form method=post><input name=login><input name=password></form>")
        login(request, person)
        return HttpResponseRedirect(request.GET["next"])

    module = ModuleType("oidc_urls")
    module.urlpatterns = [  # type: ignore[attr-defined]
        path("login/", sign_in),
        path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    ]
    module.Validator = Validator  # type: ignore[attr-defined]
    return module


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
