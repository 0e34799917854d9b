"""Tracks, prizes and who was given one by hand, by the slugs of the jams."""

HACKATHON = "interpretability-hackathon-2-0"
EVALUATIONS = "evaluations-hackathon"

# A submission is in the first track that has one of its tags, else in the last.
TRACKS = {
    HACKATHON: [
        dict(
            name="Circuits",
            description="Which parts of a model do it, and how they work together.",
            tags={
                "induction heads", "activation patching", "circuits", "path patching",
                "circuit discovery", "causal scrubbing", "attention heads", "algorithmic tasks",
            },
        ),
        dict(
            name="Features",
            description="What directions and neurons stand for, and how we know.",
            tags={
                "superposition", "sparse features", "polysemanticity", "monosemanticity",
                "neurons", "features", "representation geometry", "toy models",
            },
        ),
        dict(
            name="Methods and training",
            description="Better instruments, and what happens while a model learns.",
            tags=set(),
        ),
    ],
    EVALUATIONS: [
        dict(
            name="New evaluations",
            description="A test of something that nobody could test before.",
            tags={"planning", "honesty", "sycophancy", "refusals", "privacy", "instruction following"},
        ),
        dict(
            name="Repairs and attacks",
            description="What is wrong with a test that everybody trusts, and what helps.",
            tags=set(),
        ),
    ],
}  # fmt: skip

PRIZES = {
    HACKATHON: [
        dict(title="First prize", what="A week with the hosts, travel included", kind="place", place=1),
        dict(title="Second prize", what="500 hours on a shared GPU", kind="place", place=2),
        dict(title="Third prize", what="200 hours on a shared GPU", kind="place", place=3),
        dict(title="Best of Circuits", what="A printed poster of your circuit", kind="track", track="Circuits"),
        dict(title="Best of Features", what="A printed poster of your features", kind="track", track="Features"),
        dict(title="Best of Copenhagen", what="Cinnamon rolls for the team", kind="site", site=0),
        dict(
            title="Most honest negative result",
            what="A framed null hypothesis",
            giver="the hosts",
            kind="choice",
        ),
    ],
    EVALUATIONS: [
        dict(title="First prize", what="A place at the table of the next workshop", kind="place", place=1),
        dict(title="Best repair", what="A year of tea", kind="track", track="Repairs and attacks"),
        dict(title="The judges’ favourite", what="A dinner with the judges", giver="the judges", kind="choice"),
    ],
}  # fmt: skip

# By the title of the prize and that of the submission.
AWARDS = {
    HACKATHON: [
        (
            "Most honest negative result",
            "A probe is not a circuit: noughts and crosses",
            "They say on the first page what they did not find, how they looked for it, and how "
            "large an effect they would have missed.",
        ),
    ],
}

# Criteria that only judges give stars on.
FOR_JUDGES = {
    HACKATHON: [
        dict(
            name="Worth going on",
            question="Should somebody spend a year on this?",
        ),
    ],
    EVALUATIONS: [
        dict(
            name="Ready for use",
            question="Could somebody else run this evaluation next week, and trust what it says?",
        ),
    ],
}
