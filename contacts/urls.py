from django.urls import path

from contacts import barriers, contact_plan_pages, due_pages, views, waiting_pages

app_name = "contacts"

urlpatterns = [
    path("contacts/log/", views.log, name="log"),
    path("contacts/plan/", views.plan, name="plan"),
    path("due/", due_pages.due_list, name="due"),
    path("due/plan/", due_pages.plan_several, name="plan_several"),
    path("due/plan/undo/", due_pages.plan_several_undo, name="plan_several_undo"),
    path("due/take/", due_pages.take, name="take"),
    path("due/release/", due_pages.release, name="release"),
    path("due/undo/", due_pages.take_undo, name="take_undo"),
    path("contacts/<int:pk>/take-back/", views.take_back, name="take_back"),
    path("contacts/<int:pk>/move/", views.move, name="move"),
    path("contacts/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("contacts/<int:pk>/note/", views.note, name="note"),
    path("companies/<int:workplace_pk>/people/add/", views.add_person, name="add_person"),
    path("companies/<int:workplace_pk>/close/", views.close, name="close"),
    path("companies/<int:workplace_pk>/close/undo/", views.close_undo, name="close_undo"),
    path("people/<int:pk>/", views.person, name="person"),
    path("companies/<int:workplace_pk>/job-centres/add/", views.add_job_centre, name="add_job_centre"),
    path("job-centres/<int:pk>/", views.job_centre, name="job_centre"),
    path("companies/import/template/history/", views.past_template, name="past_template"),
    path("segments/barriers/", barriers.barriers, name="barriers"),
    path("segments/barriers/<slug:barrier>/", barriers.barrier, name="barrier"),
    path("contact-plans/", contact_plan_pages.contact_plans, name="contact_plans"),
    path("contact-plans/new/", contact_plan_pages.add, name="add_contact_plan"),
    path("contact-plans/<int:pk>/", contact_plan_pages.contact_plan, name="contact_plan"),
    path("contact-plans/<int:pk>/change/", contact_plan_pages.change, name="change_contact_plan"),
    path("contact-plans/<int:pk>/earlier/", contact_plan_pages.earlier, name="earlier_contact_plan"),
    path("contact-plans/<int:pk>/fill/", contact_plan_pages.fill, name="fill_contact_plan"),
    path("contact-plans/<int:pk>/share/", contact_plan_pages.share, name="share_contact_plan"),
    path("contact-plans/<int:pk>/end/", contact_plan_pages.end, name="end_contact_plan"),
    path("contact-plan-targets/<int:pk>/leave-out/", contact_plan_pages.leave_out, name="leave_out"),
    path("waiting/", waiting_pages.waiting_list, name="waiting"),
    path("waiting/count/", waiting_pages.waiting_count, name="waiting_count"),
    path("follow-ups/<int:pk>/done/", views.finish, name="finish"),
    path("follow-ups/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("follow-ups/<int:pk>/postpone/", views.postpone, name="postpone"),
]
