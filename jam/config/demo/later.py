"""What teams added to their submissions after rating had opened, by title."""

LATER = {
    "Induction heads survive your typos": dict(
        note="A reader found that the control in the last column used the wrong seed; run again.",
        body=[
            ("| 15 % | 0.64 | 0.52 | 0.21 |", "| 15 % | 0.64 | 0.52 | 0.24 |"),
            ("| 30 % | 0.41 | 0.33 | 0.08 |", "| 30 % | 0.41 | 0.33 | 0.09 |"),
            (
                "Two small models, English only.",
                "Two small models, English only; a first look at Danish gives the same picture.",
            ),
        ],
        tags="induction heads, robustness, spelling",
        commit="91bb7c2f5a0de8816cf0c1a8b7c7d3a2f48ee901",
    ),
    "Follow the recipe": dict(
        note="Camera-ready: the second cook's marks, and a sentence on how they agree.",
        body=[
            (
                "One cook, who disagrees with herself on salt.",
                "Two cooks, who agree in 94 % of lines and disagree with themselves on salt.",
            ),
        ],
    ),
}
