"""The addresses: the admin at /admin/, REST at /api/v1/."""

from django.contrib import admin
from django.urls import path

urlpatterns = [path("admin/", admin.site.urls)]
