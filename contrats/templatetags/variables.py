"""Le texte d'un article, ses variables dites : `{% load variables %}`."""

from django import template

from contrats.models import Article
from contrats.variables import dire

register = template.Library()


@register.filter
def dit(article: Article) -> str:
    """`{{ article|dit|rendu }}` : sans variable, le texte même, et aucune requête."""
    return dire(article.contrat, article.texte)
