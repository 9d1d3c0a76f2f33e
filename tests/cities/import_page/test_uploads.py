"""Uploads that cannot be used."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cities.imports import parcel
from tests.cities.import_page.lists import ADDRESS, a_zip, send, some_files

pytestmark = pytest.mark.django_db


def refusal(page):
    assert page.status_code == 422
    (error,) = page.context["form"].errors["lists"]
    return error


def test_upload_needs_a_file(client, operator):
    assert refusal(client.post(ADDRESS, {})) == "Choose the files."


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"notes.csv": ""}, "The file notes.csv is not part of an import. Known are: countries.csv, laender.csv, "),
        ({"a/cities.csv": "", "b/cities.csv": ""}, "The file cities.csv is there twice."),
        ({"../cities.csv": ""}, "The ZIP file holds the path ../cities.csv. Pack plain files only."),
        ({"/cities.csv": ""}, "The ZIP file holds the path /cities.csv. Pack plain files only."),
        ({"x\\..\\cities.csv": ""}, "The ZIP file holds the path x"),
        ({"cities.csv": b"0" * (61 * 1024 * 1024)}, "The ZIP file is too large when unpacked: at most 60 megabytes"),
        ({f"{number}.csv": "" for number in range(41)}, "The ZIP file is too large when unpacked: at most 60 mega"),
    ],
    ids=["unknown", "twice", "upwards", "absolute", "backslash", "bomb", "many"],
)
def test_bad_zip_is_refused(client, operator, files, sentence):
    assert refusal(send(client, a_zip(files))).startswith(sentence)


def test_zip_that_lies_about_its_size_is_refused(client, operator, monkeypatch):
    monkeypatch.setattr(parcel, "UNPACKED_LIMIT", 1000)
    honest = a_zip({"cities.csv": b"0" * 2000}).read()
    size = (2000).to_bytes(4, "little")
    assert honest.count(size) == 2
    lying = SimpleUploadedFile("lists.zip", honest.replace(size, (10).to_bytes(4, "little")))
    assert refusal(send(client, lying)).startswith("The ZIP file is")


@pytest.mark.parametrize("content", [b"PK\x03\x04 no more", b"", b"PK\x05\x06" + b"\0" * 5])
def test_damaged_zip_is_refused(client, operator, content):
    answer = refusal(send(client, SimpleUploadedFile("lists.zip", content)))
    assert answer == "The ZIP file is damaged, encrypted or packed in an unusual way. Pack it again."


def test_too_large_upload_is_refused(client, operator, monkeypatch):
    monkeypatch.setattr(parcel, "LIMIT", 100)
    assert refusal(send(client, a_zip(some_files()))).startswith("The files are too large: at most ")


def test_zip_of_a_folder_with_companions_is_read(client, operator):
    files = {f"data/{name}": text for name, text in some_files().items()}
    files |= {"data/README.md": "x", "data/practices.csv": "x", "__MACOSX/data/._cities.csv": "x"}
    assert send(client, a_zip(files)).status_code == 302
