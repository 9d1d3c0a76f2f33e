"""What every template may know of the person who is signed in: what they are to networks and cities."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cities.posts import posts_of
from network.permissions import is_operator


def person(request: HttpRequest) -> dict[str, object]:
    """Asked only where a template uses it, which those of visitors do not."""
    posts = SimpleLazyObject(lambda: posts_of(request.user))
    return {
        "keeps_content": SimpleLazyObject(lambda: is_operator(request.user) or bool(posts.coordinates)),
        "is_reviewer": SimpleLazyObject(lambda: not is_operator(request.user) and bool(posts.reviews)),
    }
