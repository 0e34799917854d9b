from jam.parts import Part


class JamPart(Part):
    """The floor's own part: overview, schedule, joining."""
