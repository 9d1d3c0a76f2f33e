"""A profile is confirmed as still right."""

import datetime

import pytest
from django.utils import timezone

from cities.actions import confirm_profile
from cities.models import City, ProfileEdit
from tests.cities.profile.forms import said, where

pytestmark = pytest.mark.django_db


def test_confirming_sets_the_day_once_and_notes_who(client, bonn, lead):
    response = client.post(where("confirm"), follow=True)
    assert said(response) == ["Thank you. The profile is confirmed as of today."]
    client.post(where("confirm"))
    assert City.objects.get(slug="bonn").confirmed_on == timezone.localdate()
    edit = ProfileEdit.objects.get()
    assert (edit.field, edit.old, edit.new, edit.by) == ("confirmed_on", "", str(timezone.localdate()), lead)


def test_confirming_writes_nothing_else(bonn, lead):
    City.objects.filter(pk=bonn.pk).update(website="https://bonn.example", confirmed_on=datetime.date(2020, 1, 1))
    confirm_profile(bonn, by=lead)
    city = City.objects.get(slug="bonn")
    assert (city.website, city.confirmed_on) == ("https://bonn.example", timezone.localdate())
    assert ProfileEdit.objects.get().old == "2020-01-01"
