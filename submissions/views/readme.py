"""A page that begins the text of a draft from a README."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from jam import fetching, limits
from jam.errors import Refused
from submissions import files, services
from submissions.models import File
from submissions.permissions import edit_refusal
from submissions.reading import archives, readme
from submissions.views.pages import TeamMixin

LARGEST = 1024 * 1024
FETCHES_AN_HOUR = 20


class ReadmeForm(forms.Form):
    """Where the README comes from."""

    archive = forms.ChoiceField(label=gettext_lazy("In your archive"), required=False)
    file = forms.FileField(
        label=gettext_lazy("A file"),
        required=False,
        help_text=gettext_lazy("A README in Markdown or plain text, 1 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".md,.markdown,.txt,.rst"}),
    )
    address = forms.URLField(
        label=gettext_lazy("Its address"),
        required=False,
        assume_scheme="https",
        max_length=500,
        help_text=gettext_lazy(
            "Of the README, or of a repository on GitHub, GitLab, Codeberg or Hugging Face. It is "
            "fetched once, now; its pictures stay links."
        ),
    )

    def __init__(self, *args: Any, found: list[tuple[File, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.found = {str(file.pk): (file, path) for file, path in found}
        named = [(key, f"{file.name}: {path}") for key, (file, path) in self.found.items()]
        self.fields["archive"].choices = [*named, ("", _("None of these"))]
        if not found:
            del self.fields["archive"]
        if not settings.FETCH_READMES:
            del self.fields["address"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise forms.ValidationError(_("This file is too large: 1 MB is the most."))
        return file

    def clean_address(self) -> str:
        address = self.cleaned_data["address"]
        if address and not address.startswith("https://"):
            raise forms.ValidationError(_("Only addresses that begin with https:// are fetched."))
        return address

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and not any(data.get(name) for name in self.fields):
            raise forms.ValidationError(_("Choose where the README is."))
        return data


class Readme(TeamMixin, TemplateView):
    """Reads a README, shows what it would become where there are words already, and puts it in."""

    template_name = "submissions/readme.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and request.method in ("GET", "HEAD", "POST"):
            refusal = edit_refusal(request.user, self.submission, request.moment)
            if refusal:
                messages.error(request, refusal.label)
                return self.to_editor()
        return super().dispatch(request, *args, **kwargs)

    def to_editor(self) -> HttpResponse:
        return redirect("submissions:edit", self.jam.slug, self.submission.pk)

    @cached_property
    def found(self) -> list[tuple[File, str]]:
        return services.readmes_in(self.submission)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ReadmeForm(found=self.found))
        return super().get_context_data(
            submission=self.submission, has_words=bool(self.submission.body.strip()), **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("act") == "use":
            key = request.POST.get("archive", "")
            archive = next((one for one in self.found if str(one[0].pk) == key), None)
            version = request.POST.get("version", "")
            return self.use(
                request.POST.get("text", "").replace("\r\n", "\n").replace("\0", ""),
                archive,
                replaces=request.POST.get("how") == "replace",
                version=int(version[:9]) if version.isascii() and version.isdecimal() else -1,
            )
        form = ReadmeForm(request.POST, request.FILES, found=self.found)
        if not form.is_valid():
            return self.again(form=form)
        try:
            text, archive = self.read(form)
        except files.FileRefused as refused:
            form.add_error(None, str(refused))
            return self.again(form=form)
        if self.submission.body.strip():
            return self.ask(text, archive)
        return self.use(text, archive, replaces=True, version=self.submission.version)

    def read(self, form: ReadmeForm) -> tuple[str, tuple[File, str] | None]:
        """The README as Markdown, and the archive that it is from. Raises FileRefused."""
        archive, base = None, None
        if form.cleaned_data["file"]:
            content = form.cleaned_data["file"].read()
        elif form.cleaned_data.get("address"):
            content, base = self.fetch(form.cleaned_data["address"])
        else:
            archive = form.found[form.cleaned_data["archive"]]
            with archive[0].content.open("rb") as packed:
                content = archives.read(packed, archive[1], LARGEST)
        try:
            text = readme.markdown_of(content)
        except readme.NotText:
            raise files.FileRefused(_("This is no text.")) from None
        if not text.strip():
            raise files.FileRefused(_("Nothing is in it."))
        if base:
            text = readme.with_targets(
                text,
                lambda target, _is_picture: (
                    readme.absolute(base, target) if readme.is_relative(target) else target
                ),
            )
        return text, archive

    def fetch(self, address: str) -> tuple[bytes, str]:
        request = self.request
        if not limits.within(f"readme:{request.user.pk}", FETCHES_AN_HOUR, 3600, request.moment):
            raise files.FileRefused(_("That were many. Go on in an hour."))
        try:
            answer = fetching.fetch(readme.raw_address(address), most=LARGEST)
        except fetching.NotFetched as refused:
            raise files.FileRefused(refused.label) from None
        if not answer.is_there or not answer.address.startswith("https://"):
            raise files.FileRefused(_("No README stands there."))
        if "html" in answer.content_type:
            raise files.FileRefused(
                _("A page stands there, not a README. Give the address of the file itself.")
            )
        return answer.content, answer.address

    def use(
        self, text: str, archive: tuple[File, str] | None, *, replaces: bool, version: int
    ) -> HttpResponse:
        had = {file.pk for file in self.submission.live_files}
        try:
            saved = services.begin_text(
                submission=self.submission,
                by=self.request.user,
                text=text,
                archive=archive,
                replaces=replaces,
                version=version,
                moment=self.request.moment,
            )
        except services.StaleDraft as stale:
            self.submission = stale.submission
            self.submission.jam = self.jam
            messages.warning(
                self.request,
                _("Someone of your team saved the draft in between. See what is there now."),
            )
            return self.ask(text, archive, status=409)
        except (Refused, files.FileRefused) as refused:
            label = refused.label if isinstance(refused, Refused) else str(refused)
            messages.error(self.request, label)
            return self.ask(text, archive, status=422)
        brought = sum(file.pk not in had for file in saved.live_files)
        text = _("The README is in the text. %(n)s pictures came along.") % {"n": brought}
        messages.success(self.request, text if brought else _("The README is in the text."))
        return self.to_editor()

    def ask(self, text: str, archive: tuple[File, str] | None, status: int = 200) -> HttpResponse:
        """Where there are words already, nothing is done before somebody says what."""
        context = self.get_context_data(text=text, archive=archive[0].pk if archive else "")
        return self.render_to_response(context, status=status)

    def again(self, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**context), status=422)
