"""What the jams ask of a submission beside the work, and what teams say to it."""

from jam.config.demo.prizes import EVALUATIONS, HACKATHON

MAKING = "small-models-big-questions"

# To each question what teams answer, a different one each; an empty answer is none.
QUESTIONS = {
    HACKATHON: [
        dict(
            text="How far had you got before the weekend?",
            kind="choice",
            options="We had nothing\nWe had an idea\nWe had code of our own",
            help_text="All three are welcome. It helps raters to see what the weekend brought.",
            is_required=True,
            answers=["We had an idea", "We had nothing", "We had an idea", "We had code of our own"],
        ),
        dict(
            text="What would have changed your mind?",
            kind="long",
            help_text="The result that would have made you give up the claim.",
            answers=[
                "The same score on shuffled prompts. It fell to chance, so we went on.",
                "",
                "A second seed that disagrees. We ran five, and one of them does, mildly: it is "
                "in the last table.",
                "If ablating any three heads of that layer had done the same. It took us most of "
                "Saturday to find out that it does not.",
                "An honest baseline that wins. Ours comes closer than we would have liked.",
                "",
            ],
        ),
        dict(
            text="May the hosts show it in their newsletter?",
            kind="yes_no",
            answers=["Yes", "Yes", "No", "Yes", ""],
        ),
    ],
    MAKING: [
        dict(
            text="How many parameters has your smallest model?",
            kind="short",
            help_text="A number, like 70M.",
            is_required=True,
            answers=["70M", "14M", "160M", "1M", "410M"],
        ),
        dict(
            text="Does it run on a laptop?",
            kind="yes_no",
            answers=["Yes", "", "Yes", "No"],
        ),
    ],
    EVALUATIONS: [
        dict(
            text="Could a model have seen your test items while it was trained?",
            kind="choice",
            options="Yes\nNo\nWe do not know",
            is_required=True,
            answers=["No", "We do not know", "No", "Yes"],
        ),
    ],
}  # fmt: skip

# Declarations of AI tools: whether any were used, and which, for what.
AI_TOOLS = [
    ("some", "A code assistant, for plots and for the loading of data. Every line was read by two "
             "of us; the analysis is our own."),
    ("none", ""),
    ("some", "A chat assistant, to shorten the abstract. It made one number up, which we caught."),
    ("some", "A code assistant for the tests, and an automatic translation of our first draft."),
    ("none", ""),
    ("some", "A large model wrote half of the prompts; the other half is ours, and the appendix "
             "says which is which."),
]  # fmt: skip

# What each of a team did, by their place in it.
ROLES = [
    ["conceptualization", "methodology", "software", "writing-original-draft"],
    ["formal-analysis", "investigation", "visualization"],
    ["data-curation", "validation", "writing-review-editing"],
    ["software", "visualization"],
    ["supervision", "writing-review-editing"],
]

# iDs from below the range that orcid.org gives out, for every third of the people.
ORCIDS = [
    "0000-0000-0231-547X", "0000-0000-0232-5846", "0000-0000-0233-6211", "0000-0000-0234-6583",
    "0000-0000-0235-695X", "0000-0000-0236-7325", "0000-0000-0237-7697", "0000-0000-0238-8062",
    "0000-0000-0239-8439", "0000-0000-0240-8801", "0000-0000-0241-9172", "0000-0000-0242-9549",
    "0000-0000-0243-9915", "0000-0000-0244-0289", "0000-0000-0245-0655", "0000-0000-0246-1020",
]  # fmt: skip

# A correction of who contributed, by the place of the submission in its jam.
CORRECTIONS = {
    HACKATHON: {
        4: "The first two wrote it together, and had agreed on the other order by mail an hour too "
           "late.",
    },
}  # fmt: skip

# Why a submission belongs into its track.
TRACK_REASONS = {
    "Circuits": "We name the heads that do it, and take them out one by one.",
    "Features": "The claim is about what a direction stands for, not about who reads it.",
    "Methods and training": "What we offer is the instrument; the finding only shows that it works.",
    "New evaluations": "We found no test that asks this.",
    "Repairs and attacks": "The test exists and is trusted, and we show how it can be fooled.",
}
