"""Pages du portail : celles qui croisent plusieurs paquets, et celles de tout le site."""
