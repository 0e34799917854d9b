from jam.parts import Part


class RatingsPart(Part):
    """Criteria, the queue, results."""
