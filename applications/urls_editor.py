"""Addresses of the pages on which a network's coordinators prepare its calls, behind the language."""

from django.urls import path

from applications.views import editor, editor_files, editor_parts

app_name = "editor"
urlpatterns = [
    path("", editor.call_list, name="list"),
    path("new/", editor.make, name="new"),
    path("new/file/", editor.make_from_file, name="new_from_file"),
    path("<slug:slug>/", editor.call, name="call"),
    path("<slug:slug>/dates/", editor.dates, name="dates"),
    path("<slug:slug>/publish/", editor.publish, name="publish"),
    path("<slug:slug>/take-back/", editor.take_back, name="take_back"),
    path("<slug:slug>/delete/", editor.delete, name="delete"),
    path("<slug:slug>/pack/", editor_parts.contents, name="contents"),
    path("<slug:slug>/pack/texts/", editor_parts.part, {"path": ""}, name="texts"),
    path("<slug:slug>/pack/part/<path:path>/", editor_parts.part, name="part"),
    path("<slug:slug>/pack/list/<path:path>/", editor_parts.listed, name="listed"),
    path("<slug:slug>/pack/condition/<path:path>/", editor_parts.condition, name="condition"),
    path("<slug:slug>/pack/move/<path:path>/", editor_parts.move, name="move"),
    path("<slug:slug>/pack/remove/<path:path>/", editor_parts.remove, name="remove"),
    path("<slug:slug>/changes/", editor_files.changes, name="changes"),
    path("<slug:slug>/changes/drop/", editor_files.drop, name="drop"),
    path("<slug:slug>/preview/", editor_files.preview, name="preview"),
    path("<slug:slug>/preview/<slug:section>/", editor_files.preview_section, name="preview_section"),
    path("<slug:slug>/export/", editor_files.export, name="export"),
    path("<slug:slug>/import/", editor_files.bring_in, name="import"),
]
