"""Pages du texte en vigueur, et atelier des avenants."""
