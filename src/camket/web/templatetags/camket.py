"""The house's template filters and tags."""

from django import template

register = template.Library()
