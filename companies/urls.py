from django.urls import path

from companies import importing, merge_pages, views

app_name = "companies"

urlpatterns = [
    path("", views.Register.as_view(), name="register"),
    path("import/", importing.imports, name="imports"),
    path("import/<int:pk>/", importing.register_import, name="import"),
    path("import/<int:pk>/apply/", importing.apply, name="import_apply"),
    path("import/<int:pk>/cancel/", importing.cancel, name="import_cancel"),
    path("import/<int:pk>/rejected/", importing.rejected, name="import_rejects"),
    path("merge/", merge_pages.merge, name="merge"),
    path("merges/", merge_pages.merges, name="merges"),
    path("merges/<int:pk>/undo/", merge_pages.undo, name="merge_undo"),
    path("duplicates/", merge_pages.duplicates_page, name="duplicates"),
    path("duplicates/two/", merge_pages.say_two, name="duplicates_two"),
    path("duplicates/<int:pk>/again/", merge_pages.not_two, name="duplicates_again"),
    path("branches/", views.branches, name="branches"),
    path("<int:pk>/group/", views.SetTier.as_view(), name="tier"),
    path("<int:pk>/responsible/", views.SetOwner.as_view(), name="owner"),
    path("<int:pk>/warnings/", views.SetFlags.as_view(), name="flags"),
    path("<int:pk>/central/", views.AgreeCentrally.as_view(), name="central"),
]
