from jam.parts import Part


class SubmissionsPart(Part):
    """Drafts, the gallery, closing."""
