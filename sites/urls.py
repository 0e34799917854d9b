from django.urls import path

from sites import views

app_name = "sites"
HERE = "jams/<slug:slug>/sites/"

urlpatterns = [
    path(HERE, views.SiteList.as_view(), name="list"),
    path(f"{HERE}propose/", views.Propose.as_view(), name="propose"),
    path(f"{HERE}<int:pk>/", views.SiteDetail.as_view(), name="detail"),
    path(f"{HERE}<int:pk>/edit/", views.SiteEdit.as_view(), name="edit"),
    path(f"{HERE}<int:pk>/join/", views.Join.as_view(), name="join"),
    path(f"{HERE}<int:pk>/leave/", views.Leave.as_view(), name="leave"),
    path(f"{HERE}<int:pk>/open/", views.Open.as_view(), name="open"),
    path(f"{HERE}<int:pk>/close/", views.Close.as_view(), name="close"),
    path(f"{HERE}<int:pk>/approve/", views.Approve.as_view(), name="approve"),
    path(f"{HERE}<int:pk>/decline/", views.Decline.as_view(), name="decline"),
]
