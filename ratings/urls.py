from django.urls import path

from ratings import views

app_name = "ratings"

urlpatterns = [
    path("jams/<slug:slug>/rate/", views.Rate.as_view(), name="rate"),
    path("jams/<slug:slug>/rate/next/", views.Next.as_view(), name="next"),
    path("jams/<slug:slug>/rate/<int:pk>/", views.RateSubmission.as_view(), name="submission"),
    path("jams/<slug:slug>/rate/<int:pk>/autosave/", views.Autosave.as_view(), name="autosave"),
    path("jams/<slug:slug>/rate/<int:pk>/skip/", views.Skip.as_view(), name="skip"),
    path("jams/<slug:slug>/rate/<int:pk>/unskip/", views.Unskip.as_view(), name="unskip"),
    path("jams/<slug:slug>/results/", views.ResultsPage.as_view(), name="results"),
    path(
        "jams/<slug:slug>/results/<int:pk>/",
        views.SubmissionResults.as_view(),
        name="submission_results",
    ),
]
