"""Packs as files: out, in and out again with the same bytes, and the difference before anything is kept."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from applications.actions.calls import keep_pack
from applications.actions.editing import (
    put_pack,
)
from applications.models import PackDraft
from applications.pack import PackError, parse, read, write
from applications.pack_files import as_file
from applications.shipped import shipped_packs
from tests.applications.editing import VISION, a_prepared, edit, pack_of
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_network_of,
    a_pack_document,
    a_pack_version,
    text,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", shipped_packs())
def test_pack_when_exported_brought_in_and_exported_again_then_the_bytes_are_the_same(client, name):
    document = parse(shipped_packs()[name].read_bytes())
    network = a_network_of(document["network"])
    call = a_call("runde", pack=keep_pack(document, by=None), published_at=None)
    other = a_call("andere", pack=a_pack_version(network=network.slug), published_at=None)
    client.force_login(a_coordinator(network))
    first = client.get(reverse("editor:export", args=[call.slug])).content
    assert read(parse(first)) == read(document)
    url = reverse("editor:import", args=[other.slug])
    shown = client.post(url, {"file": SimpleUploadedFile("pack.json", first)})
    assert shown.status_code == 200
    assert not PackDraft.objects.exists()  # nothing before it is confirmed
    page = shown.context["page"]
    assert page.differences
    assert client.post(url, {"document": page.document, "seen": "0"}).status_code == 302
    assert client.get(reverse("editor:export", args=[other.slug])).content == first
    assert as_file(read(document)) == first


def test_import_when_it_changes_one_thing_then_that_is_shown_first(client):
    call = a_prepared()
    client.force_login(a_coordinator(call.network))
    document = write(pack_of(call))
    document["steps"][2]["sections"][0]["questions"][0]["words"] = 77
    file = SimpleUploadedFile("pack.json", json.dumps(document).encode())
    with translation.override("en"):
        response = client.post(reverse("editor:import", args=[call.slug]), {"file": file})
    [difference] = response.context["page"].differences
    assert (difference.before, difference.now) == ("20", "77")
    assert "At most so many words" in response.text
    assert pack_of(call).questions["vision"].words == 20


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"{", "This file holds no pack that can be read."),
        (b"\xff\xfe", "This file holds no pack that can be read."),
        (b"{}", "title: This is missing."),
        (json.dumps(a_pack_document(network="uccn")).encode(), "This pack is of the network “uccn”"),
        (json.dumps(a_pack_document(checklist=[{"key": "a/b", "text": text("x")}])).encode(), "“a/b” is no key"),
    ],
)
def test_import_of_what_is_no_pack_for_this_call_then_told_why(client, content, told):
    call = a_prepared()
    client.force_login(a_coordinator(call.network))
    with translation.override("en"):
        url = reverse("editor:import", args=[call.slug])
        response = client.post(url, {"file": SimpleUploadedFile("pack.json", content)})
    assert response.status_code == 422
    assert told in response.text
    assert not PackDraft.objects.exists()


def test_import_when_a_colleague_edits_meanwhile_then_nothing_is_overwritten(client):
    call = a_prepared()
    by = a_coordinator(call.network)
    client.force_login(by)
    document = as_file(pack_of(call)).decode()
    edit(call, VISION, words=33)
    response = client.post(reverse("editor:import", args=[call.slug]), {"document": document, "seen": "0"})
    assert response.headers["Location"] == reverse("editor:import", args=[call.slug])
    assert pack_of(call).questions["vision"].words == 33
    with pytest.raises(PackError):
        put_pack(call, read(a_pack_document(network="uccn")), seen=1, by=by)
