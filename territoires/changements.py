"""Ce qui se déduit des rattachements de territoires se refait avec eux, dans leur transaction."""

from django.core.management import call_command


def repercuter() -> None:
    """À appeler après tout changement de rattachement.

    Le secret induit des indicateurs vient des égalités entre un territoire et ses parties. Ce
    paquet n'importe pas `indicateurs`, qui dépend de lui : il appelle sa commande par son nom.
    """
    call_command("recalculer_secrets", verbosity=0)
