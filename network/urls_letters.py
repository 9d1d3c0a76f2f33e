"""Addresses of a person's letters."""

from django.urls import path

from network.views import letters

app_name = "letters"
urlpatterns = [
    path("", letters.letter_list, name="list"),
    path("end/<str:token>/", letters.end, name="end"),
    path("<int:pk>/", letters.letter_detail, name="detail"),
]
