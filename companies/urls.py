from django.urls import path

from companies import adding, bulk_pages, correcting, importing, merge_pages, naming, news, quality, views

app_name = "companies"

urlpatterns = [
    path("", views.Register.as_view(), name="register"),
    path("add/", adding.add, name="add"),
    path("add/look-up/", adding.look_up, name="look_up"),
    path("import/", importing.imports, name="imports"),
    path("import/<int:pk>/", importing.register_import, name="import"),
    path("import/<int:pk>/apply/", importing.apply, name="import_apply"),
    path("import/<int:pk>/cancel/", importing.cancel, name="import_cancel"),
    path("import/<int:pk>/rejected/", importing.rejected, name="import_rejects"),
    path("import/<int:pk>/columns/", naming.columns, name="import_columns"),
    path("import/<int:pk>/again/", correcting.again, name="import_again"),
    path("import/rows/<int:pk>/", correcting.row, name="import_row"),
    path("import/columns/", naming.column_mappings, name="column_mappings"),
    path("import/columns/<int:pk>/", naming.column_mapping, name="column_mapping"),
    path("import/columns/<int:pk>/forget/", naming.forget_mapping, name="forget_mapping"),
    path("import/<int:pk>/changes/", news.ImportChanges.as_view(), name="import_changes"),
    path("bulk/", bulk_pages.choose, name="bulk"),
    path("bulk/<uuid:key>/", bulk_pages.draft, name="bulk_draft"),
    path("bulk/undo/<int:pk>/", bulk_pages.undo, name="bulk_undo"),
    path("exports/", bulk_pages.Exports.as_view(), name="exports"),
    path("exports/<int:pk>/", bulk_pages.export, name="export"),
    path("changes/", news.Changes.as_view(), name="changes"),
    path("changes/<int:pk>/seen/", news.seen, name="change_seen"),
    path("changes/<int:pk>/unseen/", news.unseen, name="change_unseen"),
    path("merge/", merge_pages.merge, name="merge"),
    path("merges/", merge_pages.merges, name="merges"),
    path("merges/<int:pk>/undo/", merge_pages.undo, name="merge_undo"),
    path("duplicates/", merge_pages.duplicates_page, name="duplicates"),
    path("duplicates/two/", merge_pages.say_two, name="duplicates_two"),
    path("duplicates/<int:pk>/again/", merge_pages.not_two, name="duplicates_again"),
    path("quality/", quality.quality, name="quality"),
    path("branches/", views.branches, name="branches"),
    path("<int:pk>/facts/", adding.facts, name="facts"),
    path("<int:pk>/group/", views.SetTier.as_view(), name="tier"),
    path("<int:pk>/responsible/", views.SetOwner.as_view(), name="owner"),
    path("<int:pk>/warnings/", views.SetFlags.as_view(), name="flags"),
    path("<int:pk>/central/", views.AgreeCentrally.as_view(), name="central"),
]
