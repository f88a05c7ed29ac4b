"""The admin site's read-only view of evidence; texts and files are read in the case, where reading is recorded."""

from django.contrib import admin

from cases.admin import ReadOnlyAdmin
from evidence.models import CustodyEvent, Item, OriginChange, OriginGroup, Source, SourceGrade

admin.site.register([CustodyEvent, Item, OriginChange, OriginGroup, Source, SourceGrade], ReadOnlyAdmin)
