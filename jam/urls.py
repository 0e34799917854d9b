from django.urls import path

from jam.views import jams, people

app_name = "jam"
urlpatterns = [
    path("", jams.FrontView.as_view(), name="front"),
    path("jams/", jams.JamListView.as_view(), name="list"),
    path("my-jams/", jams.MyJamsView.as_view(), name="mine"),
    path("jams/<slug:slug>/", jams.DetailView.as_view(), name="detail"),
    path("jams/<slug:slug>/join/", jams.JoinView.as_view(), name="join"),
    path("jams/<slug:slug>/cancel/", jams.CancelView.as_view(), name="cancel"),
    path("jams/<slug:slug>/publish/", jams.PublishView.as_view(), name="publish"),
    path("jams/<slug:slug>/schedule/", jams.ScheduleView.as_view(), name="schedule"),
    path("jams/<slug:slug>/calendar.ics", jams.calendar, name="calendar"),
    path("jams/<slug:slug>/banner/", jams.banner, name="banner"),
    path("jams/<slug:slug>/theme.css", jams.theme, name="theme"),
    path("profile/", people.ProfileView.as_view(), name="profile"),
    path("account/data/", people.OwnDataView.as_view(), name="own_data"),
    path("account/data/download/", people.download_own_data, name="own_data_download"),
    path("account/leave/", people.LeaveView.as_view(), name="leave"),
    path("people/<int:pk>/", people.PersonView.as_view(), name="person"),
    path("markdown/", people.preview, name="preview"),
]
