from jam.parts import Part


class SitesPart(Part):
    """Places to meet."""
