from django.urls import path

from jam.views import (
    announcements,
    beginning,
    blocking,
    calendars,
    conduct,
    desk,
    exports,
    idea_acts,
    ideas,
    jams,
    languages,
    log,
    mails,
    moving,
    people,
    reporting,
    resources,
    roles,
    schedule,
    schedule_editing,
    setting_up,
    signing_up,
)

app_name = "jam"
urlpatterns = [
    path("", jams.FrontView.as_view(), name="front"),
    path("jams/", jams.JamListView.as_view(), name="list"),
    path("my-jams/", jams.MyJamsView.as_view(), name="mine"),
    path("jams/new/", beginning.NewJamView.as_view(), name="new"),
    path("jams/<slug:slug>/", jams.DetailView.as_view(), name="detail"),
    path("jams/<slug:slug>/desk/", desk.DeskView.as_view(), name="desk"),
    path("jams/<slug:slug>/exports/", exports.ExportsView.as_view(), name="exports"),
    path(
        "jams/<slug:slug>/exports/<slug:name>.<slug:form>",
        exports.TakeView.as_view(),
        name="take_export",
    ),
    path("jams/<slug:slug>/join/", jams.JoinView.as_view(), name="join"),
    path("jams/<slug:slug>/cancel/", jams.CancelView.as_view(), name="cancel"),
    path("jams/<slug:slug>/conduct/", conduct.ConductView.as_view(), name="conduct"),
    path("jams/<slug:slug>/sign-up/", signing_up.SignUpView.as_view(), name="sign_up"),
    path(
        "jams/<slug:slug>/sign-up/preview/",
        signing_up.PreviewView.as_view(),
        name="sign_up_preview",
    ),
    path("jams/<slug:slug>/participants/", signing_up.PeopleView.as_view(), name="participants"),
    path("jams/<slug:slug>/answers/", signing_up.AnswersView.as_view(), name="answers"),
    path(
        "jams/<slug:slug>/answers/answers.csv",
        signing_up.AnswersCsv.as_view(),
        name="answers_csv",
    ),
    path("jams/<slug:slug>/set-up/", setting_up.SetUpView.as_view(), name="set_up"),
    *(
        path(f"jams/<slug:slug>/set-up/{address}/", view.as_view(), name=name)
        for address, view, name in (
            ("preview", setting_up.PreviewView, "preview_jam"),
            ("texts", setting_up.TextsView, "texts"),
            ("hosts", setting_up.HostsView, "hosts"),
            ("questions", setting_up.QuestionsView, "sign_up_questions"),
        )
    ),
    path("jams/<slug:slug>/dates/", moving.DatesView.as_view(), name="dates"),
    path("jams/<slug:slug>/publish/", jams.PublishView.as_view(), name="publish"),
    path("jams/<slug:slug>/schedule/", schedule.ScheduleView.as_view(), name="schedule"),
    path("jams/<slug:slug>/schedule/add/", schedule_editing.AddItem.as_view(), name="add_item"),
    path(
        "jams/<slug:slug>/schedule/<int:pk>/edit/",
        schedule_editing.EditItem.as_view(),
        name="edit_item",
    ),
    path(
        "jams/<slug:slug>/schedule/<int:pk>/cancel/",
        schedule_editing.CancelItem.as_view(),
        name="cancel_item",
    ),
    path(
        "jams/<slug:slug>/schedule/<int:pk>/bring-back/",
        schedule_editing.BringBackItem.as_view(),
        name="bring_back_item",
    ),
    path("jams/<slug:slug>/calendar.ics", calendars.calendar, name="calendar"),
    path("calendar/<str:key>.ics", calendars.own_calendar, name="own_calendar"),
    path("jams/<slug:slug>/banner/", jams.banner, name="banner"),
    path("jams/<slug:slug>/theme.css", jams.theme, name="theme"),
    path("jams/<slug:slug>/ideas/", ideas.IdeaListView.as_view(), name="ideas"),
    path("jams/<slug:slug>/ideas/propose/", ideas.ProposeView.as_view(), name="propose_idea"),
    path("jams/<slug:slug>/ideas/<int:pk>/", ideas.IdeaView.as_view(), name="idea"),
    path("jams/<slug:slug>/ideas/<int:pk>/edit/", ideas.EditView.as_view(), name="edit_idea"),
    path("jams/<slug:slug>/ideas/alike/", ideas.AlikeView.as_view(), name="alike_ideas"),
    *(
        path(f"jams/<slug:slug>/ideas/<int:pk>/{act}/", view.as_view(), name=f"{act}_idea")
        for act, view in (
            ("withdraw", idea_acts.WithdrawView),
            ("interest", idea_acts.InterestView),
            ("pin", idea_acts.PinView),
            ("merge", idea_acts.MergeView),
            ("part", idea_acts.PartView),
            ("hide", idea_acts.HideView),
            ("report", idea_acts.ReportView),
        )
    ),
    path("jams/<slug:slug>/resources/", resources.ResourceListView.as_view(), name="resources"),
    path(
        "jams/<slug:slug>/resources/arrange/",
        resources.ArrangeView.as_view(),
        name="arrange_resources",
    ),
    path("jams/<slug:slug>/resources/add/", resources.AddView.as_view(), name="add_resource"),
    *(
        path(f"jams/<slug:slug>/resources/<int:pk>/{act}/", view.as_view(), name=f"{act}_resource")
        for act, view in (
            ("change", resources.ChangeView),
            ("worked", resources.WorkedView),
            ("report", resources.ReportView),
        )
    ),
    path("jams/<slug:slug>/announcements/", announcements.ListView.as_view(), name="announcements"),
    path("jams/<slug:slug>/announcements/feed.atom", announcements.feed, name="news_feed"),
    path(
        "jams/<slug:slug>/announcements/write/", announcements.WriteView.as_view(), name="announce"
    ),
    path(
        "jams/<slug:slug>/announcements/<int:pk>/",
        announcements.PageView.as_view(),
        name="announcement",
    ),
    path(
        "jams/<slug:slug>/announcements/<int:pk>/edit/",
        announcements.EditView.as_view(),
        name="edit_announcement",
    ),
    path(
        "jams/<slug:slug>/announcements/<int:pk>/send/",
        announcements.SendView.as_view(),
        name="send_announcement",
    ),
    path(
        "jams/<slug:slug>/announcements/<int:pk>/cancel/",
        announcements.CancelView.as_view(),
        name="cancel_announcement",
    ),
    path("jams/<slug:slug>/reports/", reporting.ReportsView.as_view(), name="reports"),
    path("jams/<slug:slug>/reports/new/", reporting.ReportJam.as_view(), name="report"),
    path(
        "jams/<slug:slug>/reports/people/<int:pk>/",
        reporting.ReportPerson.as_view(),
        name="report_person",
    ),
    path(
        "jams/<slug:slug>/reports/<int:pk>/",
        reporting.ReportThread.as_view(),
        name="report_thread",
    ),
    path("jams/<slug:slug>/log/", log.LogView.as_view(), name="log"),
    path("jams/<slug:slug>/log/log.csv", log.LogCsv.as_view(), name="log_csv"),
    path("jams/<slug:slug>/log/log.json", log.LogJson.as_view(), name="log_json"),
    path("jams/<slug:slug>/roles/", roles.RolesView.as_view(), name="roles"),
    path("account/roles/", roles.OfferedRolesView.as_view(), name="offered_roles"),
    path("account/reports/", reporting.OwnReports.as_view(), name="own_reports"),
    path("language/", languages.ChooseView.as_view(), name="language"),
    path("profile/", people.ProfileView.as_view(), name="profile"),
    path("account/data/", people.OwnDataView.as_view(), name="own_data"),
    path("account/data/download/", people.download_own_data, name="own_data_download"),
    path("account/calendar/", calendars.CalendarKeyView.as_view(), name="calendar_key"),
    path("account/mails/", mails.MailChoicesView.as_view(), name="mail_choices"),
    path("mails/stop/<str:choice>/", mails.StopMailsView.as_view(), name="stop_mails"),
    path("account/leave/", people.LeaveView.as_view(), name="leave"),
    path("people/<int:pk>/", people.PersonView.as_view(), name="person"),
    path("people/<int:pk>/block/", blocking.BlockView.as_view(), name="block"),
    path("account/blocks/", blocking.BlocksView.as_view(), name="blocks"),
    path("markdown/", people.preview, name="preview"),
]
