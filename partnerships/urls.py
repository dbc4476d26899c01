from django.urls import path

from partnerships import (
    document_pages,
    drafting_pages,
    goal_pages,
    step_pages,
    version_pages,
    views,
    whom_to_call_pages,
)

app_name = "partnerships"

urlpatterns = [
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/excel/", views.excel, name="excel"),
    path("agreements/new/", drafting_pages.add, name="add_agreement"),
    path("agreements/<int:pk>/", views.agreement, name="agreement"),
    path("agreements/<int:pk>/change/", drafting_pages.change, name="change_agreement"),
    path("agreements/<int:pk>/propose/", step_pages.propose, name="propose"),
    path("agreements/<int:pk>/take-back/", step_pages.take_back, name="take_back_proposal"),
    path("agreements/<int:pk>/sign/", step_pages.sign, name="sign"),
    path("agreements/<int:pk>/decline/", step_pages.decline, name="decline"),
    path("agreements/<int:pk>/end/", step_pages.end, name="end"),
    path("agreements/<int:pk>/undo/", step_pages.undo, name="undo_step"),
    path("agreements/<int:pk>/versions/", version_pages.versions, name="versions"),
    path("agreements/<int:pk>/goals/add/", goal_pages.add, name="add_goal"),
    path("goals/<int:pk>/", goal_pages.change, name="goal"),
    path("goals/<int:pk>/end/", goal_pages.end, name="end_goal"),
    path("agreements/<int:pk>/contacts/add/", whom_to_call_pages.add, name="add_contact"),
    path("agreement-contacts/<int:pk>/", whom_to_call_pages.change, name="contact"),
    path("agreement-contacts/<int:pk>/remove/", whom_to_call_pages.remove, name="remove_contact"),
    path("agreements/<int:pk>/agreement.pdf", document_pages.agreement_pdf, name="agreement_pdf"),
    path("agreements/<int:pk>/agreement.docx", document_pages.agreement_word, name="agreement_word"),
    path("reviews/<int:pk>/review.pdf", document_pages.review_pdf, name="review_pdf"),
    path("agreements/<int:pk>/documents/add/", document_pages.add, name="add_document"),
    path("documents/<int:pk>/", document_pages.document, name="document"),
    path("documents/<int:pk>/erase/", document_pages.erase, name="erase_document"),
    path("agreements/<int:pk>/file/", document_pages.file, name="file"),
]
