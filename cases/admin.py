"""The admin site's view of cases and subjects (read-only), and of accounts (superusers, through the actions)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from cases.actions.users import FLAGS, change_flags, check_free, create_user, reset_password
from cases.exceptions import InvalidInput
from cases.forms import show_refusal
from cases.models import Account, Case, Membership, Name, Observation, Organisation, Person, User


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows of the cases that the person is a member of; nothing can be added, changed or deleted here."""

    safe = True
    actions = None
    list_select_related = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.model.objects.visible_to(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class NewUserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "display_name", "email", "is_staff", "can_create_cases"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        try:
            check_free(data.get("username", ""), data.get("email", ""))
        except InvalidInput as error:
            show_refusal(self, error)
        return data


class UserAdmin(admin.ModelAdmin):
    """Superusers make accounts and change three flags of other people's; each step is an action with its event."""

    safe = True
    list_display = ["username", "display_name", "email", "is_active", "is_staff", "can_create_cases", "last_login"]
    search_fields = ["username", "display_name", "email"]
    list_filter = ["is_active", "is_staff"]
    actions = ["new_one_time_password"]

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return ["username", "display_name", "email", *FLAGS] if obj else list(NewUserForm.Meta.fields)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return ["username", "display_name", "email"] if obj else []

    def get_form(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> type[forms.ModelForm]:
        return super().get_form(request, obj, **kwargs) if obj else NewUserForm

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        data = form.cleaned_data
        if change:
            change_flags(actor=request.user, user=obj, **{name: data[name] for name in FLAGS})
            return
        user, request.one_time_password = create_user(actor=request.user, **data)
        obj.pk = user.pk

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        return self._show_password(request, obj, request.one_time_password)

    @admin.action(description="Give a new one-time password")
    def new_one_time_password(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        """For one person at a time: the answer shows the password once."""
        if len(users) != 1:
            self.message_user(request, "Choose one person.", "warning")
            return None
        return self._show_password(request, users[0], reset_password(actor=request.user, user=users[0]))

    def _show_password(self, request: HttpRequest, user: User, password: str) -> HttpResponse:
        context = self.admin_site.each_context(request) | {"title": str(user), "person": user, "password": password}
        response = TemplateResponse(request, "cases/admin_password.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return request.user.is_superuser

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


admin.site.register(User, UserAdmin)
admin.site.register([Case, Membership, Account, Observation, Person, Organisation, Name], ReadOnlyAdmin)
