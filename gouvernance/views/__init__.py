"""Pages de la gouvernance : publiques, de l'atelier, de la séance, des sessions."""
