"""Pictures of a city: added with their words, removed with their file."""

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from cities.models import Picture, ProfileEdit
from tests.cities.profile.forms import WORDS, a_file, a_picture, errors, said, where
from tests.factories import Role, a_member, a_person

pytestmark = pytest.mark.django_db


def test_picture_is_kept_with_its_words_and_without_what_the_file_carried(client, bonn, lead):
    assert said(a_picture(client)) == ["The picture is added."]
    picture = Picture.objects.get()
    assert (picture.city, picture.alt_de, picture.credit, picture.licence) == (
        bonn, "Das Alte Rathaus", "Erika Muster", "CC BY 4.0"
    )  # fmt: skip
    with picture.image.open() as file, Image.open(file) as drawn:
        assert (drawn.format, drawn.size) == ("WEBP", (60, 40))
        assert not dict(drawn.getexif())
    with picture.image.open() as file:
        assert b"Kamera" not in file.read()
    edit = ProfileEdit.objects.get()
    assert (edit.field, edit.new, edit.by) == ("pictures", "Das Alte Rathaus", lead)
    assert "The old town hall" in client.get(where()).content.decode()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (a_file("bild.jpg", b"<svg onload=alert(1)>"), "This file cannot be read as a picture. Choose a JPEG, PNG or "),
        (a_file("bild.jpg", b""), "The file is empty. Choose another one."),
        (a_file(f"{'x' * 210}.jpg"), "The name of the file is too long."),
        ("", "Choose a picture."),
    ],
    ids=["no picture", "empty", "long name", "none"],
)
def test_bad_file_is_refused_with_a_sentence_and_the_words_stay(client, bonn, lead, file, sentence):
    response = client.post(where("picture_add"), {"image": file} | WORDS)
    found = errors(response)
    assert list(found) == ["image"]
    assert found["image"][0].startswith(sentence)
    assert "Erika Muster" in response.content.decode()
    assert not Picture.objects.exists()


def test_missing_words_are_named_and_the_picture_is_to_be_chosen_again(client, bonn, lead):
    found = errors(a_picture(client, alt_de="", credit=" ", licence="", alt_en=""))
    assert found == {
        "alt_de": ["Say in one sentence what the picture shows."],
        "credit": ["Name who made the picture."],
        "licence": ["Name the licence under which the picture may be shown."],
        "image": ["Choose the picture once more: browsers do not keep a file after an error."],
    }
    assert not Picture.objects.exists()


def test_english_words_may_be_missing(client, bonn, lead):
    a_picture(client, alt_en="")
    assert Picture.objects.get().alt_de == "Das Alte Rathaus"


def test_removing_asks_first_and_then_takes_the_file_too(client, bonn, lead, django_capture_on_commit_callbacks):
    a_picture(client)
    picture = Picture.objects.get()
    file = str(picture.image.name)
    client.get(where("picture_remove", pk=picture.pk))
    assert default_storage.exists(file)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(where("picture_remove", pk=picture.pk))
    assert response.status_code == 302
    assert not Picture.objects.exists()
    assert not default_storage.exists(file)
    assert ProfileEdit.objects.filter(field="pictures", old="Das Alte Rathaus", new="", by=lead).count() == 1


def test_picture_of_another_city_cannot_be_removed(client, bonn, lead, network):
    a_picture(client)
    picture = Picture.objects.get()
    client.force_login(a_person(Role.LEAD, city=a_member("lyon", network)))
    assert client.post(where("picture_remove", city="lyon", pk=picture.pk)).status_code == 404
    assert Picture.objects.exists()
