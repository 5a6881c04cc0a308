"""Single sign-on by OpenID Connect: the province's accounts open accounts that an agency has already added.

allauth leads to the provider and back, with state and PKCE. Here the ID token is held against the provider's keys, its
issuer, audience, times and nonce whatever way it came, and nobody gets an account by it: a stranger is told whom to ask.
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

import jwt
import requests
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from camket.org import clock, operations, queries
from camket.web.account.adapters import SSO_FACTOR
from camket.web.request import say, way_back

log = logging.getLogger(__name__)

PROVIDER_ID = "sso"
SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures that only the holder of a private key can make; never "none", never one made with the shared secret."""
REQUIRED_CLAIMS = ("exp", "iat", "iss", "aud", "sub", "nonce")
LEEWAY = 60
"""Seconds by which the clocks of the two servers may differ."""

LINKING = "camket_sso_linking"
"""Session key of the secret without which no page can make this browser link the account."""
LEAVING = "camket_sso_leaving"
"""Session key of where the provider signs out, kept until the sign-in page has offered it."""


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """The one provider of the installation."""

    def get_callback_url(self) -> str:
        return reverse("openid_connect_callback")

    def get_oauth2_adapter(self, request: HttpRequest) -> Client:
        return Client(request, PROVIDER_ID)

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Return what goes along: nothing of it comes from the address, but for the page to go back to."""
        nonce = secrets.token_urlsafe(24)
        is_linking = request.user.is_authenticated
        return {
            "process": AuthProcess.CONNECT if is_linking else AuthProcess.LOGIN,
            "next_url": cast(Any, way_back(request, "web:single_sign_on" if is_linking else "web:home")).url,
            "nonce": nonce,
            "scope": ["openid", "profile", "email"],
            "auth_params": {"nonce": nonce},
        }

    def extract_extra_data(self, data: Any) -> dict[str, str]:
        """Return what is kept of the provider's account beside its subject: what the person knows it by."""
        claims = data["id_token"]
        return {"shown": str(claims.get("preferred_username") or claims.get("email") or "")[:200]}


class Client(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The conversation with the provider."""

    nonce = ""

    def get_provider(self) -> Provider:
        return provider_of(self.request)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("openid_connect_callback"))

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return what the provider says of itself; raises OAuth2Error where it is not the one in the settings."""
        try:
            config = super().openid_config
        except ValueError as error:
            raise OAuth2Error("The provider's configuration is no JSON") from error
        if not isinstance(config, dict) or config.get("issuer") != settings.OIDC_ISSUER:
            raise OAuth2Error("The provider's configuration names another issuer")
        secure = settings.OIDC_ISSUER.startswith("https:")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if secure and not str(config.get(name, "")).startswith("https:"):
                raise OAuth2Error(f"The provider's {name} is not HTTPS")
        return cast("dict[str, Any]", config)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        """Return the sign-in that the provider's tokens prove; raises OAuth2Error for any that do not."""
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise OAuth2Error("The provider sent no ID token")
        claims = self._claims(id_token)
        if not hmac.compare_digest(str(claims["nonce"]), self.nonce):
            raise OAuth2Error("The ID token has another nonce")
        if settings.OIDC_CLAIM not in claims and self.openid_config.get("userinfo_endpoint"):
            more = self._fetch_user_info(token.token)
            if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
                raise OAuth2Error("The provider's user information is of another subject")
            claims = {**more, **claims}
        login = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        login.claims = claims
        login.end_session = str(self.openid_config.get("end_session_endpoint") or "")
        return login

    def _claims(self, id_token: str) -> dict[str, Any]:
        """Return what an ID token says, after its signature, issuer, audience and times were found right."""
        try:
            header = jwt.get_unverified_header(id_token)
            algorithm = header.get("alg")
            if algorithm not in SIGNED:
                raise OAuth2Error("The ID token is not signed with a key pair")
            claims = jwt.decode(
                id_token,
                key=self._key(str(header.get("kid", "")), algorithm),
                algorithms=[algorithm],
                audience=settings.OIDC_CLIENT_ID,
                issuer=settings.OIDC_ISSUER,
                leeway=LEEWAY,
                options={"require": list(REQUIRED_CLAIMS)},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"The ID token is not valid: {type(error).__name__}") from error
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if claims.get("azp", settings.OIDC_CLIENT_ID) != settings.OIDC_CLIENT_ID or (
            len(audience) > 1 and "azp" not in claims
        ):
            raise OAuth2Error("The ID token was issued to another client")
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 191:
            raise OAuth2Error("The ID token has no usable subject")
        return claims

    def _key(self, kid: str, algorithm: str) -> Any:
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
            keys = response.json().get("keys", [])
        fitting = [
            key
            for key in keys
            if key.get("use", "sig") == "sig"
            and key.get("kty") in {"RSA", "EC", "OKP"}
            and key.get("alg", algorithm) == algorithm
            and (not kid or key.get("kid") == kid)
        ]
        if len(fitting) != 1:
            raise OAuth2Error("The provider has no key of this ID token")
        return jwt.PyJWK.from_json(json.dumps(fitting[0]), algorithm).key


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whose account a provider's account opens."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody opens an account for oneself: agencies add their people."""
        return False

    def get_provider(self, request: HttpRequest, provider: Any, client_id: Any = None) -> Provider:
        return provider_of(request)

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the person, link on the first time, or answer with a page that says what to do."""
        claims = sociallogin.claims
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(_link(request, claims))
        if not sociallogin.is_existing:
            person = _person_of(claims)
            if person is None:
                raise ImmediateHttpResponse(problem(request, "stranger", HTTPStatus.FORBIDDEN))
            try:
                sociallogin.account = operations.link_single_sign_on(
                    person_id=person.pk,
                    provider=PROVIDER_ID,
                    subject=claims["sub"],
                    facts=sociallogin.account.extra_data,
                    today=clock.today(),
                )
            except operations.OtherLink:
                raise ImmediateHttpResponse(problem(request, "linked", HTTPStatus.FORBIDDEN)) from None
            sociallogin.user = person
        if not sociallogin.user.is_active:
            raise ImmediateHttpResponse(problem(request, "blocked", HTTPStatus.FORBIDDEN))
        methods = claims.get("amr")
        request.session[SSO_FACTOR] = (
            claims["sub"] if isinstance(methods, list) and "mfa" in methods else None
        )
        request.session[LEAVING] = sociallogin.end_session

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        """Answer what went wrong between the two servers with a page in words."""
        if error == AuthError.CANCELLED:
            raise ImmediateHttpResponse(problem(request, "cancelled", HTTPStatus.OK))
        raise ImmediateHttpResponse(_failed(request, exception))


class Callback(OAuth2CallbackView):  # type: ignore[misc]
    """The way back from the provider."""

    adapter: Client

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = str(state.get("nonce") or secrets.token_urlsafe())
        return state, response


def is_set_up() -> bool:
    """Return whether the installation has a provider of single sign-on."""
    return bool(settings.OIDC_ISSUER)


def provider_of(request: HttpRequest) -> Provider:
    """Return the provider of the settings; raises Http404 without one."""
    if not is_set_up():
        raise Http404
    app = SocialApp(
        provider="openid_connect",
        provider_id=PROVIDER_ID,
        name=settings.OIDC_NAME,
        client_id=settings.OIDC_CLIENT_ID,
        secret=settings.OIDC_CLIENT_SECRET,
        settings={"server_url": settings.OIDC_ISSUER.rstrip("/"), "oauth_pkce_enabled": True},
    )
    return Provider(request, app=app)


def problem(request: HttpRequest, what: str, status: HTTPStatus) -> HttpResponse:
    """Return the page that says why single sign-on did not sign in, and what to do."""
    context = {"what": what, "provider": settings.OIDC_NAME, "only": settings.OIDC_ONLY}
    return render(request, "account/single_sign_on_problem.html", context, status=status)


def _failed(request: HttpRequest, exception: Exception | None) -> HttpResponse:
    log.warning(
        "Single sign-on failed: %s: %s",
        type(exception).__name__,
        exception if type(exception) is OAuth2Error and "content" not in str(exception) else "",
        extra={"event": "sign_in.single_sign_on_failed"},
    )
    if isinstance(exception, requests.RequestException):
        return problem(request, "down", HTTPStatus.BAD_GATEWAY)
    what = "expired" if exception is None else "wrong"
    return problem(request, what, HTTPStatus.BAD_REQUEST if exception is None else HTTPStatus.BAD_GATEWAY)


def _person_of(claims: dict[str, Any]) -> Any:
    value = claims.get(settings.OIDC_CLAIM)
    if not isinstance(value, str) or (
        settings.OIDC_CLAIM == "email" and claims.get("email_verified") is not True
    ):
        return None
    return queries.person_of_claim(settings.OIDC_CLAIM, value)


def _link(request: HttpRequest, claims: dict[str, Any]) -> HttpResponse:
    """Link the account of who is signed in, if it is still the person who asked for it a moment ago."""
    if not request.user.is_authenticated or not did_recently_reauthenticate(request):
        return redirect("web:single_sign_on")
    try:
        operations.link_single_sign_on(
            person_id=int(request.user.pk),
            provider=PROVIDER_ID,
            subject=claims["sub"],
            facts={"shown": str(claims.get("preferred_username") or claims.get("email") or "")[:200]},
            today=clock.today(),
        )
    except operations.OtherLink as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(
            request,
            gettext("From now on you can sign in with %(provider)s.") % {"provider": settings.OIDC_NAME},
        )
    return redirect("web:single_sign_on")


@login_not_required
@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Go to the provider: to sign in, or, signed in, to link one's account, which takes the secret of our own page."""
    provider = provider_of(request)
    if request.user.is_authenticated:
        given, kept = request.GET.get("lien-ket", ""), request.session.pop(LINKING, "")
        if not kept or not hmac.compare_digest(given.encode(), kept.encode()):
            return redirect("web:single_sign_on")
    try:
        return cast(HttpResponseBase, provider.redirect_from_request(request))
    except ImmediateHttpResponse as answer:
        return cast(HttpResponseBase, answer.response)
    except (requests.RequestException, OAuth2Error, KeyError, ValueError) as error:
        return _failed(request, error)


@login_not_required
@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponseBase:
    """Take the provider's answer."""
    provider_of(request)
    try:
        return cast(HttpResponseBase, Callback.adapter_view(Client(request, PROVIDER_ID))(request))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        return _failed(request, error)  # an answer of a shape that no provider should give


@never_cache
@require_http_methods(["GET", "HEAD"])
def single_sign_on(request: HttpRequest) -> HttpResponse:
    """Show whether a person signs in by single sign-on, and link the account after showing who it is."""
    provider_of(request)
    person_id = int(request.user.pk or 0)
    context: dict[str, Any] = {"provider": settings.OIDC_NAME, "is_linked": queries.is_linked(person_id)}
    if not context["is_linked"]:
        if not did_recently_reauthenticate(request):
            place = urlencode({"next": reverse("web:single_sign_on")})
            return redirect(f"{reverse('account_reauthenticate')}?{place}")
        request.session[LINKING] = secrets.token_urlsafe(24)
        context["secret"] = request.session[LINKING]
    return render(request, "account/single_sign_on.html", context)


@require_POST
def unlink(request: HttpRequest) -> HttpResponse:
    """Undo one's own link, which one can do without only where a password is there to sign in with."""
    provider_of(request)
    person = cast(Any, request.user)
    if settings.OIDC_ONLY or not person.has_usable_password():
        messages.error(
            request,
            gettext("You would have no way to sign in any more. Ask the ISO secretary of your agency."),
        )
    elif operations.unlink_single_sign_on(person_id=person.pk, today=clock.today()):
        messages.success(request, gettext("The link is undone."))
    return redirect("web:profile")


def leaving_address(request: HttpRequest, end_session: str) -> str:
    """Return where a person signs out of the provider too, and comes back; empty where it offers none."""
    parts = urlsplit(end_session)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return ""
    back_to = request.build_absolute_uri(reverse("web:sign_in"))
    query = urlencode({"client_id": settings.OIDC_CLIENT_ID, "post_logout_redirect_uri": back_to})
    return f"{end_session}{'&' if parts.query else '?'}{query}"
