"""News: the list, of all or of one network, and one piece. What is not published yet does not exist here."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from network.models import Network, News
from network.pages import public_page

PER_PAGE = 20


@require_safe
@public_page
def news_list(request: HttpRequest) -> HttpResponse:
    """Newest first; `?network=slug` shows one network only, an unknown one is 404."""
    networks = Network.objects.filter(news__in=News.objects.published()).distinct()
    news = News.objects.for_list()
    chosen = None
    if slug := request.GET.get("network"):
        chosen = get_object_or_404(Network, slug=slug)
        news = news.filter(network=chosen)
    page = Paginator(news, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "network/news_list.html", {"page": page, "networks": networks, "chosen": chosen})


@require_safe
@public_page
def news_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "network/news_detail.html", {"news": get_object_or_404(News.objects.for_list(), slug=slug)})
