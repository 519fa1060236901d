"""Pages et fichiers des tableaux de bord."""
