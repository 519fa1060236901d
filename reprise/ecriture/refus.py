"""Ce que la reprise refuse d'écrire."""


class RepriseImpossible(Exception):
    """Ce qui est compris, ou l'état du document, ne permet pas l'acte : rien n'est écrit."""
