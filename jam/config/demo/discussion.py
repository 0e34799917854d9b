"""What people said about submissions once the results were out: who, what, and the answers."""

DISCUSSION = {
    "Induction heads survive your typos": [
        (
            "ida-lykke-thorsen",
            "What is the baseline for *one letter off*? A copy of the first letter alone would "
            "already look like half a success.",
            [
                (
                    "team",
                    "Fair. With the first letter given, chance is 11 %; the heads are at 64 %. We "
                    "should have drawn that line into the figure.",
                ),
                ("ida-lykke-thorsen", "Thank you. With that line I believe it."),
            ],
        ),
        (
            "oskar-lindqvarn",
            "Does it hold where the typo falls on an ending that carries the case? I would expect "
            "`-ssa` and `-ssä` to count as the same thing for the head.",
            [],
        ),
    ],
    "How many sparse features survive a new seed?": [
        (
            "ida-lykke-thorsen",
            "If features are matched by $\\cos(a, b) > 0.9$, how many pairs would two random "
            "dictionaries of this size have?",
            [("team", "Fewer than one in a thousand; the shuffled control is in the notebook.")],
        ),
        ("jonas-pilebaek", "Ran it on another machine, pinned versions as stated: same table.", []),
    ],
    "The logit lens speaks English first": [
        (
            "mikkel-ravnsgaard",
            "The figure with the layers where the language flips is the one that I show to "
            "everybody now.",
            [],
        ),
    ],
}
