"""Pages de la matrice."""
