"""Admin of accounts and groups, for superusers only."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Field as Column
from django.db.models import ManyToManyField, QuerySet
from django.forms import Field, ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from sesame.utils import get_query_string
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.forms import AdminPasswordChangeForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from participants.access import groups
from participants.access.account_forms import AccountForm, NewAccountForm

# Label and help text by field.
FIELD_TEXTS = {
    "username": (_("Name to sign in with"), _("Letters, digits and @ . + - _ only.")),
    "email": (_("E-mail"), _("Visible only to people who manage accounts.")),
    "is_active": (
        _("May sign in"),
        _("Untick this instead of deleting an account, so that its releases keep its name."),
    ),
    "is_staff": (_("Is staff"), _("Required for the desk and the admin, in addition to a group.")),
    "is_superuser": (
        _("May do everything"),
        _("Also manages accounts. One or two people are enough."),
    ),
    "groups": (
        _("Groups"),
        _(
            "A Reader can see everything. An Editor edits sessions, people and questions. An "
            "Organiser also edits events and workshops, publishes and restores."
        ),
    ),
}


class SuperuserOnlyAdmin(ModelAdmin):
    """Admin for superusers only: whoever changes accounts could give themselves all rights."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return request.user.is_superuser

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return request.user.is_superuser


class AccountAdmin(UserAdmin, SuperuserOnlyAdmin):
    """Admin of accounts, with sign-in links."""

    formfield_overrides = {
        ManyToManyField: {"widget": UnfoldAdminCheckboxSelectMultipleWidget()},
    }
    form = AccountForm
    add_form = NewAccountForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "full_name", "in_groups", "is_active", "last_login")
    list_filter = ("groups", "is_active", "is_superuser")
    readonly_fields = ("last_login", "date_joined")
    actions_detail = ("sign_in_link",)
    add_fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        (_("What they may do"), {"fields": ("groups", "is_staff")}),
        (_("Signing in"), {"fields": ("usable_password", "password1", "password2")}),
    )
    fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        (_("What they may do"), {"fields": ("groups", "is_staff", "is_active", "is_superuser")}),
        (_("Signing in"), {"fields": ("password", "last_login", "date_joined")}),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[User]":
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("full name"))
    def full_name(self, account: User) -> str:
        return account.get_full_name()

    @admin.display(description=_("groups"))
    def in_groups(self, account: User) -> str:
        names = [group.name for group in account.groups.all()]
        names += [str(_("everything"))] if account.is_superuser else []
        return ", ".join(names) or "–"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"is_staff": True, **super().get_changeform_initial_data(request)}

    def formfield_for_dbfield(
        self, db_field: "Column[Any, Any]", request: HttpRequest, **options: Any
    ) -> Field | None:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and db_field.name in FIELD_TEXTS:
            field.label, field.help_text = FIELD_TEXTS[db_field.name]
        if field is not None and db_field.name == "groups":
            # Without the buttons that add and change groups.
            field.widget = field.widget.widget
        return field

    @action(description=_("Make a sign-in link"), url_path="sign-in-link", permissions=["change"])
    def sign_in_link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Page with a one-time sign-in link; its creation is logged."""
        account = get_object_or_404(User, pk=object_id)
        can_sign_in = account.is_active and account.is_staff
        address = request.build_absolute_uri(reverse("sign-in"))
        if can_sign_in:
            self.log_change(request, account, str(_("Made a sign-in link.")))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "original": account,
            "title": _("Sign-in link for %(name)s") % {"name": account},
            "link": address + get_query_string(account) if can_sign_in else "",
            "hours": settings.SESAME_MAX_AGE // 3600,
        }
        return render(request, "admin/sign_in_link.html", context)


class PermissionGroupAdmin(GroupAdmin, SuperuserOnlyAdmin):
    """Admin of groups; the project's own groups cannot be renamed or deleted."""

    fields = ("name", "permissions")

    def get_readonly_fields(self, request: HttpRequest, group: Group | None = None) -> Any:
        return ("name",) if group is not None and group.name in groups.GROUPS else ()

    def has_delete_permission(self, request: HttpRequest, group: Group | None = None) -> bool:
        is_built_in = group is not None and group.name in groups.GROUPS
        return super().has_delete_permission(request, group) and not is_built_in

    def formfield_for_dbfield(
        self, db_field: "Column[Any, Any]", request: HttpRequest, **options: Any
    ) -> Field | None:
        """Offer permissions on events and their rows, not on history or accounts."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if isinstance(field, ModelMultipleChoiceField):
            permissions = Permission.objects.filter(content_type__app_label__in=groups.APPS)
            field.queryset = permissions.exclude(codename__contains="historical")
            field.help_text = _(
                "An update restores permissions that Reader, Editor and Organiser lack."
            )
        return field
