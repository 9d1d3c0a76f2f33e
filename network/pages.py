"""Public pages: correct validators for every cache, and the rendered page kept while the content is the same.

A kept page is used only for somebody without a session, and only while the content version in the database is the
one it was rendered for, so no change is ever shown late and no person's data is ever kept.
"""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language

from network.models.version import content_version

type View = Callable[..., HttpResponseBase]
RELEASE_FOLDERS = ("network", "cities", "exchange", "applications", "templates", "static", "locale")


class PublicRequest(HttpRequest):
    """A request that a public page serves: the content version is read already."""

    content_version: int


@cache
def release() -> str:
    """A short name of the code and templates in force: a new release makes every kept page void."""
    digest = hashlib.sha256(repr(sorted(settings.OPERATOR.items())).encode())  # the legal pages show it
    for folder in RELEASE_FOLDERS:
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(settings.BASE_DIR)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def _is_nobody(request: HttpRequest) -> bool:
    """Without a session there is no person, and no message waits."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES


def public_page(view: View) -> View:
    """Open to everybody; answers GET and HEAD with an ETag, 304 where the reader has the page already.

    The view gets `request.content_version`. Its answer must depend on nothing but address, language and content.
    """

    @login_not_required
    @wraps(view)
    def answer(request: PublicRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        request.content_version = content_version()
        if request.method not in {"GET", "HEAD"} or not _is_nobody(request):
            response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True, no_cache=True)
            return response
        # The day, because news appear at midnight without a change of content.
        asked = f"{timezone.localdate()} {get_language()} {request.get_full_path()}"
        address = hashlib.sha256(asked.encode()).hexdigest()[:24]
        etag = f'W/"{request.content_version}-{release()}-{address}"'
        # `*` asks whether there is any page, which only the view knows.
        asks = request.headers.get("If-None-Match", "*").strip() != "*"
        if asks and (unchanged := get_conditional_response(request, etag=etag)):
            return _for_all(unchanged, etag)
        kept = caches["pages"].get(etag)
        if kept is not None:
            body, content_type, disposition = kept
            response = HttpResponse(body, content_type=content_type)
            if disposition:
                response["Content-Disposition"] = disposition
            return _for_all(response, etag)
        response = view(request, *args, **kwargs)
        if response.status_code != 200:
            return response
        if isinstance(response, HttpResponse):  # what is sent by parts is too long to keep
            kept = (response.content, response["Content-Type"], response.get("Content-Disposition", ""))
            caches["pages"].set(etag, kept)
        return _for_all(response, etag)

    return answer


def _for_all(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    """Any cache may keep the answer, but must ask before using it, and per cookie: a signed-in person gets another."""
    response["ETag"] = etag
    patch_cache_control(response, public=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return response
