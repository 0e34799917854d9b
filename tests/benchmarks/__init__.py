"""Figures: `make bench`, on PostgreSQL, with ten thousand submissions. Nothing here fails because a
machine is slow; each figure is printed beside the load that it was taken under."""
