from django import template

from ratings.tally.table import show

register = template.Library()
register.filter("score", show)
