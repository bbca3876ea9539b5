"""When a duty begins, and how it is settled: pure functions from one state to the next."""

from dataclasses import replace

from trainer.cases.play.state import Done, DutyState, PlayState, values_in
from trainer.cases.script.values import Case


def triggered(case: Case, state: PlayState, known: frozenset[str], *, entered: bool) -> PlayState:
    """Begin the duties whose scene was just entered or whose fact has just become true."""
    duties = state.duties
    for position, duty in enumerate(case.duties):
        begins = duty.scene == state.scene if duty.scene and entered else duty.after in state.facts - known
        if begins and duties[position].state is Done.IDLE and duty.when.holds(values_in(case, state)):
            done = duty.fact in state.facts
            deadline = state.minute + duty.within
            began = DutyState(Done.DONE if done else Done.DUE, state.minute, deadline, 0 if done else None)
            duties = (*duties[:position], began, *duties[position + 1 :])
    return state if duties is state.duties else state._replace(duties=duties)


def settle_duties(case: Case, state: PlayState) -> PlayState:
    """Settle the duties whose fact has become true, in time or late."""
    duties = state.duties
    for position, duty in enumerate(case.duties):
        one = duties[position]
        if one.state is Done.DUE and duty.fact in state.facts:
            took = None if one.deadline < 0 else state.minute - one.begun
            kept = replace(one, state=Done.DONE if state.minute <= one.deadline else Done.LATE, took=took)
            duties = (*duties[:position], kept, *duties[position + 1 :])
    return state if duties is state.duties else state._replace(duties=duties)


def overdue(one: DutyState) -> DutyState:
    """Return how a duty stands after its chapter: what is still due has no deadline on the next clock."""
    return replace(one, deadline=-1) if one.state is Done.DUE else one


def closed(one: DutyState) -> DutyState:
    """Return how a duty stands at the end of the play: what is still due was missed."""
    return replace(one, state=Done.MISSED) if one.state is Done.DUE else one
