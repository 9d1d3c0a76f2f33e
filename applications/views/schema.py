"""The published form of a pack, for whoever writes or reads one outside the portal."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from applications.pack_schema import schema


@require_safe
@login_not_required
@cache_control(max_age=86_400, public=True)
def pack_schema(_request: HttpRequest) -> JsonResponse:
    """The JSON Schema (2020-12) of packs of format 1."""
    return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False, "indent": 1})
