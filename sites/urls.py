from django.urls import path

from sites.views import (
    acting,
    desk,
    door,
    forms,
    map,
    moving,
    organizing,
    pictures,
    schedule,
    site,
)

app_name = "sites"
HERE = "jams/<slug:slug>/sites/"

urlpatterns = [
    path(HERE, map.SiteList.as_view(), name="list"),
    path(f"{HERE}points/", map.SitePoints.as_view(), name="points"),
    path("jams/<slug:slug>/people/<int:pk>/move/", moving.MovePerson.as_view(), name="move_person"),
    path("towns/", map.Towns.as_view(), name="towns"),
    path(f"{HERE}propose/", forms.Propose.as_view(), name="propose"),
    path(f"{HERE}<int:pk>/", site.SiteDetail.as_view(), name="detail"),
    path(f"{HERE}<int:pk>/edit/", forms.SiteEdit.as_view(), name="edit"),
    path(f"{HERE}<int:pk>/join/", acting.Join.as_view(), name="join"),
    path(f"{HERE}<int:pk>/leave/", acting.Leave.as_view(), name="leave"),
    path(f"{HERE}<int:pk>/wait/", acting.Wait.as_view(), name="wait"),
    path(f"{HERE}<int:pk>/stop-waiting/", acting.StopWaiting.as_view(), name="stop_waiting"),
    path(f"{HERE}<int:pk>/show/", acting.Show.as_view(), name="show"),
    path(f"{HERE}<int:pk>/pass/", door.Pass.as_view(), name="pass"),
    path(f"{HERE}<int:pk>/door/", door.Door.as_view(), name="door"),
    path(f"{HERE}<int:pk>/in/<str:code>/", door.Scan.as_view(), name="scan"),
    path(f"{HERE}<int:pk>/door/<int:place>/check-in/", door.CheckIn.as_view(), name="check_in"),
    path(
        f"{HERE}<int:pk>/door/<int:place>/undo/", door.UndoCheckIn.as_view(), name="undo_check_in"
    ),
    path(f"{HERE}<int:pk>/desk/", desk.Desk.as_view(), name="desk"),
    path(f"{HERE}<int:pk>/people.csv", desk.PeopleCsv.as_view(), name="people_csv"),
    path(f"{HERE}<int:pk>/badges-<int:sheet>.pdf", desk.Badges.as_view(), name="badges"),
    path(f"{HERE}<int:pk>/day/", organizing.Day.as_view(), name="day"),
    path(f"{HERE}<int:pk>/organizers/", organizing.Organizers.as_view(), name="organizers"),
    path(
        f"{HERE}<int:pk>/organizers/<int:invitation>/withdraw/",
        organizing.WithdrawInvitation.as_view(),
        name="withdraw_invitation",
    ),
    path(
        f"{HERE}<int:pk>/organizers/answer/",
        organizing.AnswerInvitation.as_view(),
        name="answer_invitation",
    ),
    path(
        f"{HERE}<int:pk>/organizers/leave/",
        organizing.StopOrganizing.as_view(),
        name="stop_organizing",
    ),
    path(f"{HERE}<int:pk>/talk/", organizing.Talk.as_view(), name="talk"),
    path(f"{HERE}<int:pk>/again/", organizing.ProposeAgain.as_view(), name="propose_again"),
    path(f"{HERE}<int:pk>/pictures/", pictures.Pictures.as_view(), name="pictures"),
    path(f"{HERE}<int:pk>/pictures/<int:picture>/", pictures.Show.as_view(), name="picture"),
    path(
        f"{HERE}<int:pk>/pictures/<int:picture>/remove/",
        pictures.RemovePicture.as_view(),
        name="remove_picture",
    ),
    path(f"{HERE}<int:pk>/open/", acting.Open.as_view(), name="open"),
    path(f"{HERE}<int:pk>/close/", acting.Close.as_view(), name="close"),
    path(f"{HERE}<int:pk>/approve/", acting.Approve.as_view(), name="approve"),
    path(f"{HERE}<int:pk>/decline/", acting.Decline.as_view(), name="decline"),
    path(f"{HERE}<int:pk>/schedule/", schedule.SiteSchedule.as_view(), name="schedule"),
    path(f"{HERE}<int:pk>/schedule/add/", schedule.AddSiteItem.as_view(), name="add_item"),
    path(
        f"{HERE}<int:pk>/schedule/<int:item_pk>/edit/",
        schedule.EditSiteItem.as_view(),
        name="edit_item",
    ),
    path(
        f"{HERE}<int:pk>/schedule/<int:item_pk>/cancel/",
        schedule.CancelSiteItem.as_view(),
        name="cancel_item",
    ),
    path(
        f"{HERE}<int:pk>/schedule/<int:item_pk>/bring-back/",
        schedule.BringBackSiteItem.as_view(),
        name="bring_back_item",
    ),
    path(f"{HERE}<int:pk>/calendar.ics", schedule.calendar, name="calendar"),
]
