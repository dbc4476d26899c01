from django.urls import path

from partnerships import review_pages, views

app_name = "partnerships"

urlpatterns = [
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/<int:pk>/", views.agreement, name="agreement"),
    path("agreements/<int:pk>/call-review/", review_pages.call, name="call_review"),
    path("reviews/<int:pk>/", review_pages.review, name="review"),
    path("reviews/<int:pk>/hold/", review_pages.hold, name="hold_review"),
    path("reviews/<int:pk>/arrange/", review_pages.arrange, name="arrange_review"),
    path("reviews/<int:pk>/move/", review_pages.move, name="move_review"),
    path("reviews/<int:pk>/change/", review_pages.change, name="change_review"),
    path("reviews/<int:pk>/take-back/", review_pages.take_back, name="take_back_review"),
]
