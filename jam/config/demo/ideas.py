"""Ideas that people proposed, by the jam; what grew from them, and what became of that later."""

IDEAS = {
    "interpretability-hackathon-2-0": [
        dict(
            by="astrid-holmboe",
            title="What do induction heads do when the copy is not exact?",
            tags=["induction heads", "robustness"],
            text=(
                "Induction heads are always shown on perfect repetitions. Real text repeats with "
                "typos, plurals and other spellings.\n\n"
                "Start from any two-layer model and a list of names. Add noise to the second "
                "occurrence, one letter at a time, and look when the *attention* fails and when "
                "only the *copy* does. They need not fail together."
            ),
        ),
        dict(
            by="ida-lykke-thorsen",
            title="How many of our features are there again with another seed?",
            tags=["sparse features", "seeds"],
            text=(
                "Everybody trains one sparse dictionary and reads it. Train two. Match the "
                "features by cosine and say, with an interval, how many have a partner.\n\n"
                "- a small model is enough, ten runs matter more\n"
                "- decide **before** looking what counts as the same\n"
                "- a shuffled control, please"
            ),
        ),
        dict(
            by="rutger-van-ijsselmeer",
            title="A calculator for carry bits",
            tags=["arithmetic", "toy models"],
            text=(
                "Digit addition has a part that is local and a part that travels: the carry. "
                "If $s_i = a_i + b_i + c_{i-1}$, then $c_i = [s_i \\ge 10]$, and a model with "
                "one layer cannot wait for it. Where does it keep the guess?"
            ),
        ),
        dict(
            by="aino-keskivaara",
            title="The same circuit, in a language with cases",
            tags=["languages", "circuits"],
            text=(
                "The indirect-object circuit was found in English, where order says who gives "
                "what to whom. Find it where an ending says so. Any language that you speak will "
                "do; write the sentences yourself."
            ),
        ),
        dict(
            by="mikkel-ravnsgaard",
            title="Neurons that a person would name in five seconds",
            tags=["neurons", "people"],
            text=(
                "Show strangers the twenty strongest examples of a neuron and a stopwatch. Which "
                "ones do they name alike? Is that the same as being monosemantic by any of the "
                "measures that we have?"
            ),
        ),
        dict(
            by="jonas-pilebaek",
            title="A test suite for interpretability notebooks",
            tags=["tools"],
            text=(
                "Half of the notebooks that we build on do not run a month later. Collect twenty, "
                "pin them, and write down what broke. Not glamorous, and you will be thanked."
            ),
        ),
    ],
    "forecasting-jam": [
        dict(
            by="ida-lykke-thorsen",
            title="Ten questions that a court could settle",
            tags=["question writing", "law"],
            text=(
                "Take a law that is being written and turn ten of its clauses into questions whose "
                "answer will be public within a year. The criterion must fit in two sentences."
            ),
        ),
        dict(
            by="jonas-pilebaek",
            title="A calibration diary for one person",
            tags=["calibration", "tools"],
            text=(
                "A single page without an account: you write a number every evening, it shows "
                "your Brier score by month, and nobody else sees it."
            ),
        ),
        dict(
            by="aino-keskivaara",
            title="Do translations of a question get the same forecast?",
            tags=["question writing", "languages"],
            text="Five languages, thirty questions, one crowd. Whose numbers move?",
        ),
    ],
    "small-models-big-questions": [
        dict(
            by="oskar-lindqvarn",
            title="Raise two models on the same books in another order",
            tags=["seeds", "training order"],
            text=(
                "Same seed, same data, reversed order. What is different afterwards, and is it "
                "different *in the weights* or only in the words?"
            ),
        ),
        dict(
            by="astrid-holmboe",
            title="The smallest model that can be surprised",
            tags=["surprise", "small models"],
            text=(
                "Surprise should be more than a high loss. Find a signal inside that goes up "
                "**before** the wrong token comes out, and the smallest model that has it."
            ),
        ),
        dict(
            by="rutger-van-ijsselmeer",
            title="Four bits, three bits, two",
            tags=["quantization", "circuits"],
            text="Take one circuit that we understand and round the weights until it breaks.",
        ),
        dict(
            by="astrid-holmboe",
            title="Raise two models on the same books, read backwards",
            tags=["training order"],
            text="As twins, but the second begins with the last book. Do they end up as siblings?",
        ),
        dict(
            by="aino-keskivaara",
            title="Mikä on pienin malli, joka osaa taivuttaa?",
            tags=["languages", "suomi"],
            text=(
                "Fifteen cases, one small model. Where does it keep *-ssa* and *-sta* apart, and "
                "how few words must it have read? Anybody with a language that inflects is welcome."
            ),
            links="https://universaldependencies.org/fi/",
        ),
    ],
    "evaluations-hackathon": [
        dict(
            by="jonas-pilebaek",
            title="Look for the answer key in the training data",
            tags=["contamination"],
            text=(
                "For benchmarks that are older than the model: search for the items in what it was "
                "trained on, where that is published, and report the score without them."
            ),
        ),
        dict(
            by="mikkel-ravnsgaard",
            title="An evaluation that gets shorter when the model is sure",
            tags=["calibration", "statistics"],
            text=(
                "Most items are wasted: they are far too easy or far too hard. Choose the next one "
                "by the answers so far, as adaptive tests for people do, and say how many items "
                "were saved at the same error bar."
            ),
        ),
        dict(
            by="aino-keskivaara",
            title="Politeness as a confounder",
            tags=["languages", "robustness"],
            text="Does *please* change the score? In which direction, and in which languages?",
        ),
    ],
}

# By the title of a submission: the titles of ideas, and of earlier submissions.
GREW_FROM = {
    "Induction heads survive your typos": [
        "What do induction heads do when the copy is not exact?"
    ],
    "How many sparse features survive a new seed?": [
        "How many of our features are there again with another seed?"
    ],
    "Where does a small transformer keep its carry bit?": ["A calculator for carry bits"],
    "Indirect objects in Portuguese": ["The same circuit, in a language with cases"],
    "Greater-than in Swahili": ["The same circuit, in a language with cases"],
    "Captions for neurons, graded by strangers": [
        "Neurons that a person would name in five seconds"
    ],
    "Twins raised apart": ["Raise two models on the same books in another order"],
    "Four bits are plenty, until they are not": ["Four bits, three bits, two"],
    "Leaks in the answer key": ["Look for the answer key in the training data"],
    "Does it know that it does not know?": [
        "An evaluation that gets shorter when the model is sure"
    ],
    "Same question, five wordings": ["Politeness as a confounder"],
}
BUILDS_ON = {
    "Same question, five wordings": ["Induction heads survive your typos"],
    "Grading the graders": ["Captions for neurons, graded by strangers"],
    "Right answer, wrong language": [
        "The logit lens speaks English first",
        "Greater-than in Swahili",
    ],
    "Asking twice: a consistency meter": ["Induction heads survive your typos"],
    "Four bits are plenty, until they are not": ["Does quantization move the circuit?"],
    "Twins raised apart": ["How many sparse features survive a new seed?"],
}
CONTINUED = {
    "Induction heads survive your typos": [
        dict(
            kind="post",
            title="Typos, a year later: what held up and what did not",
            url="https://holmboe.example.org/typos-a-year-later",
            year=2024,
        ),
        dict(
            kind="repository",
            title="noisy-copies: a harness for inexact repetition",
            url="https://code.example.org/holmboe/noisy-copies",
            year=2023,
        ),
    ],
    "How many sparse features survive a new seed?": [
        dict(
            kind="paper",
            title="Feature survival across seeds, with intervals",
            url="https://papers.example.org/feature-survival",
            year=2024,
        ),
    ],
}
