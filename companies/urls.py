from django.urls import path

from companies import correcting, importing, naming, views

app_name = "companies"

urlpatterns = [
    path("", views.Register.as_view(), name="register"),
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
    path("branches/", views.branches, name="branches"),
    path("<int:pk>/group/", views.SetTier.as_view(), name="tier"),
    path("<int:pk>/responsible/", views.SetOwner.as_view(), name="owner"),
    path("<int:pk>/warnings/", views.SetFlags.as_view(), name="flags"),
    path("<int:pk>/central/", views.AgreeCentrally.as_view(), name="central"),
]
