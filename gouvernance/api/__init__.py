"""API de la gouvernance."""
