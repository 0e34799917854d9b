"""What raters say of running a submission: where they did, how long it took, and a word."""

WHERE = [
    "Laptop, Python 3.11, no GPU",
    "Desktop, Debian 12, one GPU with 12 GB",
    "A hosted notebook with its free GPU",
    "MacBook, Python 3.12 in a fresh environment",
    "University cluster, one A100, Python 3.10",
    "Laptop, Fedora, Python 3.12 in a container",
]

# By outcome: how often, and the words. Whoever ran it as described may have nothing to add.
WORDS = {
    "as_described": [
        "",
        "Restart and run all, and the numbers in the table are the numbers in the text.",
        "The seed does its work: the third decimal agrees as well.",
        "Everything came down by itself. The longest wait was for the model's weights.",
        "I also ran it with another seed. The figure moves a little and the claim does not.",
    ],
    "with_changes": [
        "I had to install einops by hand; after that it ran to the end.",
        "On a processor alone the batches had to be four times smaller.",
        "One path is written for Windows. With that mended, the same result.",
        "The newest version of the library has renamed an argument in the second cell.",
    ],
    "failed": [
        "It loads a file of activations that is neither in the notebook nor behind the link.",
        "It wants more memory than I have; a smaller model as an option would let me check it.",
        "The third cell waits for a key to somebody's account.",
    ],
}
SHARES = {"as_described": 0.55, "with_changes": 0.3, "failed": 0.15}
