"""Whether the key is a key: worth the most where it stands, explained where it was missed, and not the same for all."""

from trainer.authoring.messages import Findings
from trainer.cases.play.engine import expert_play
from trainer.cases.prover.giveaways import decisions_in
from trainer.cases.script.values import Case, Choice


def lint_keying(case: Case) -> Findings:
    """Yield the line and the sentence for each answer that is worth too much or explained too little."""
    yield from _outscored(case)
    yield from _unexplained(case)
    yield from _alike(case)


def _outscored(case: Case) -> Findings:
    for decision in decisions_in(case):
        own = _worth(decision.key)
        for other in decision.offered:
            if not other.expert and other.scores and _worth(other) >= own:
                yield (
                    other.lines["scores"],
                    f"“{other.id}” is worth no less than the expert's answer “{decision.key.id}”. Look at both scores.",
                )


def _unexplained(case: Case) -> Findings:
    for choice in case.choices.values():
        costs = any(points < 0 for _, points in choice.scores)
        if not choice.feedback and (costs or choice.id in case.failing):
            yield choice.line, f"Say in “feedback:” what “{choice.id}” overlooks: it costs points, or is a failure."


def _alike(case: Case) -> Findings:
    experts = {expert_play(case, name, 0).inputs for name in case.variants}
    if len(case.variants) > 1 and len(experts) == 1:
        yield (
            case.lines.get("variants", 1),
            "The expert does the same in every variant. Let at least one right answer change with them.",
        )


def _worth(choice: Choice) -> int:
    return sum(points for _, points in choice.scores)
