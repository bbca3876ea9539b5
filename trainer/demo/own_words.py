"""What the fictional people of the demonstration answer in their own words, and how it is rated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SOL, DANA = "sol@demo.example", "dana@demo.example"


@dataclass(frozen=True, kw_only=True)
class FictionalRating:
    """What one of the staff gives an answer."""

    by: str
    steps: tuple[int, ...]
    comment: str


@dataclass(frozen=True, kw_only=True)
class FictionalAnswer:
    """One answer, and who rates it: nobody, one person, or two."""

    task: str
    text: str
    ratings: Sequence[FictionalRating] = field(default=())


FICTIONAL_ANSWERS: Mapping[str, FictionalAnswer] = {
    "omar": FictionalAnswer(  # warm and clear, and silent about “nobody would have to know”: there is something to rate
        task="coffee",
        text="Odile, I can hear how much these weeks have meant to you, and I am glad that you say it to me and not "
        "past me. We will not meet for a coffee. It would not be fair to you: you are more open now than you will be "
        "in the spring, and I would hardly be somebody you could say no to. I would rather use our next hour, on "
        "Thursday, to look at what this wish is about. Would that be all right with you?",
    ),
    "uma": FictionalAnswer(  # not yet: she can revise it
        task="taken-back",
        text="You can say stop whenever you like, Lucian, and we will listen. If a hand on your shoulder or the music "
        "is too much, one word is enough and it ends, and you owe nobody a reason. If it gets hard, it usually passes, "
        "and I am beside you all day, so there is really nothing to worry about. You stay here until the evening, as "
        "we said today. Do you understand that so far?",
        ratings=(
            FictionalRating(
                by=SOL,
                steps=(1, 2, 2, 1, 0),
                comment="Touch, music, and that he stays until the evening: he can hold on to that. What he asked is "
                "whether it can be stopped once it is taken, and that stays open. Say it in one plain sentence before "
                "everything else, leave out the reassurance, and let him tell you in words of his own.",
            ),
        ),
    ),
    "mara": FictionalAnswer(  # an alarm: a second person is wanted
        task="sbar-fluids",
        text="This is Marit, thirty-four. Since ten to two she has a headache, has vomited twice, answers slowly and "
        "does not know which day it is. She took a medicine in a supervised treatment at five past ten and has drunk "
        "3.1 litres of water in four hours. No other medicines; allergic to penicillin. At ten past two: pulse 92, "
        "138 over 86, 37.2 degrees, no stiffness, no twitching. I suspect low sodium from the water. We stopped the "
        "drinking at two and kept her awake, on her side. No medicine given, no sodium measured. Please take her over "
        "and ring her sister Inge; the number is on this sheet.",
        ratings=(
            FictionalRating(
                by=SOL,
                steps=(2, 0, 2, 2, 2),
                comment="Clear, in order, and everything else is there. But “a medicine” hides what she took from the "
                "people who have to treat her. Say MDMA, the dose and the time.",
            ),
        ),
    ),
    "ilse": FictionalAnswer(
        task="coffee",
        text="Odile, thank you for telling me; that took courage. I will not meet you for a coffee. You trust me with "
        "a great deal in these weeks, and it is my task that you never owe me anything for it. And it does not stay "
        "between us: I write down that you asked, and I talk about it with my supervisor, as I do with whatever "
        "matters. On Thursday we have our hour, and I would like this wish to have room there. If it gets heavy before "
        "then, ring our team; you know Hanna from the preparation. How is it to hear this?",
        ratings=(
            FictionalRating(
                by=SOL,
                steps=(2, 2, 2, 2, 2),
                comment="The no stands alone, in one short sentence, and nobody is ashamed. Nothing to add.",
            ),
        ),
    ),
    "tomas": FictionalAnswer(  # two people rate it, and agree
        task="sbar-fluids",
        text="Good that you are here. This is a supervised session, and Marit is having a hard moment in it. It began "
        "well this morning; she took her medicine at about ten and was calm for a long time. She has had a headache "
        "since before two and was sick twice, and she is slow. I think she is exhausted and probably dehydrated, "
        "although she drank a lot. She has been on her side since then. We called you at two minutes past two. Please "
        "have a look at her, and somebody should tell her sister.",
        ratings=(
            FictionalRating(
                by=SOL,
                steps=(0, 0, 1, 0, 1),
                comment="The crew does not learn what she took, nor that she is confused. Begin with who she is and "
                "what has changed, then MDMA, dose and time; say how much she drank.",
            ),
            FictionalRating(
                by=DANA,
                steps=(1, 0, 1, 0, 1),
                comment="“A hard moment” and “dehydrated” calm the people who should hurry. Name what was taken, the "
                "three litres, and what you suspect.",
            ),
        ),
    ),
}
"""By the name before the @ of whoever writes. Invented, like everybody in the demonstration."""
