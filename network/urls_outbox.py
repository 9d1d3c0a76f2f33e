"""Addresses of the operator's outbox."""

from django.urls import path

from network.views import outbox

app_name = "outbox"
urlpatterns = [
    path("", outbox.letter_list, name="list"),
    path("<int:pk>/", outbox.letter_detail, name="detail"),
    path("<int:pk>/settle/", outbox.settle, name="settle"),
]
