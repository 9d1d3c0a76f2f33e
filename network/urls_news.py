"""Addresses of the news."""

from django.urls import path

from network.views import news

app_name = "news"
urlpatterns = [
    path("", news.news_list, name="list"),
    path("<slug:slug>/", news.news_detail, name="detail"),
]
