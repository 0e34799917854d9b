"""The criteria that a new jam begins with: name, question, and what one to five stars mean."""

# The criterion beside which raters see the reproducibility ladder.
SHOWS_LADDER = "Reproducibility"

CRITERIA = (
    (
        "ML Safety",
        "How good are the arguments that this result helps us to understand and align neural "
        "networks in the long run? How much does it tell ML and AI safety at large?",
        (
            "I see no connection to safety.",
            "Safety is mentioned, but nothing in the result bears on it.",
            "There is a plausible argument why safety work would profit.",
            "A convincing argument, and a result that safety work can use.",
            "It changes how I think about making systems safe.",
        ),
    ),
    (
        "Interpretability",
        "How informative is it for the field of interpretability? Is there a new method, or a "
        "result that overturns what we thought?",
        (
            "I learned nothing about the inside of a model.",
            "Known tools, used as everybody uses them, with little to see.",
            "A sound look inside, which adds a piece to what is known.",
            "A good new method, or an insight that others will build on.",
            "A breakthrough in how we look inside models.",
        ),
    ),
    (
        "Novelty",
        "Are these results new, and are they surprising against what one would expect?",
        (
            "All of it is known.",
            "A small variation on known work.",
            "Some of it is new, and about what I expected.",
            "Clearly new, with a finding that surprised me.",
            "New and startling: I would have bet against it.",
        ),
    ),
    (
        "Generality",
        "Do the results show that the hypothesis generalizes? Are more than one or two prompts "
        "tested, and is the network itself analysed?",
        (
            "One example; anything could be behind it.",
            "A few examples, chosen by hand.",
            "Tested on enough cases to believe it of this setting.",
            "Holds across settings, or is explained by what the network does.",
            "Holds across models and tasks, and the network shows why.",
        ),
    ),
    (
        "Reproducibility",
        "Can the research be reproduced easily, and would the results be the same? A "
        "well-documented repository that reruns every experiment is worth much here.",
        (
            "I could not repeat it: no code, and too few details.",
            "With much guessing I might get something similar.",
            "Code or details are there; it would take a day.",
            "Code that runs, documented, with the main results in it.",
            "One command reruns every experiment and gives the same numbers.",
        ),
    ),
)
