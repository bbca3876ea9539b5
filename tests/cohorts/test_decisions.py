"""A decision that was never issued is taken back; a certificate that should not have ended is conferred again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.stage.deciding import decides
from tests.stage.issuing import issue_now
from trainer.accounts import services as accounts
from trainer.accounts.models import Person
from trainer.accounts.words import Role
from trainer.audit.models import AuditEntry
from trainer.certificates.models import Certificate, Conferral, ConferralWithdrawal
from trainer.certificates.queries import waiting
from trainer.certificates.words import Occasion
from trainer.clock import utc_now
from trainer.erasure.services import erase_person
from trainer.errors import Refused
from trainer.issuing.services import issue, note_problem
from trainer.lifecycle.acts import Act
from trainer.registry.status import Reason

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WHY = {"reason": "The name cannot be printed.", "sure": "y"}


def record(enrolment) -> str:
    return f"/desk/people/{enrolment.id}"


def every(database, table) -> list:
    with database.reading() as session:
        return list(session.scalars(select(table)))


@pytest.fixture
def decided(earned, as_, dana, database) -> Conferral:
    """Dana has conferred, and the worker could not issue it."""
    assert as_(dana).decide(record(earned), {"sure": "y"}).status_code == 303
    [conferral] = every(database, Conferral)
    with database.transaction() as session:
        note_problem(session, conferral_id=conferral.id, sentence="A sign cannot be printed.", now=utc_now())
    return conferral


def withdrawal(conferral: Conferral) -> str:
    return f"/desk/people/{conferral.enrolment_id}/decisions/{conferral.id}/withdrawal"


@pytest.fixture
def issued(earned, as_, dana, database, tools) -> Certificate:
    as_(dana).decide(record(earned), {"sure": "y"})
    [conferral] = every(database, Conferral)
    return issue_now(database, conferral.id, tools, utc_now())


def test_dana_takes_back_what_was_never_issued_and_confers_again(earned, decided, as_, dana, mara, database) -> None:
    desk = as_(dana)
    assert withdrawal(decided) in desk.get(record(earned)).text
    assert desk.send(withdrawal(decided), {"sure": "y"}).status_code == 422  # without a reason
    for _ in range(2):
        assert desk.send(withdrawal(decided), WHY).location.endswith(record(earned))
    other = {**WHY, "reason": "The other director had looked at the hours."}
    assert other["reason"] in desk.send(withdrawal(decided), other).text, "who comes second has their words back"
    assert len(every(database, ConferralWithdrawal)) == 1
    assert [one.act for one in every(database, AuditEntry)].count("take back a decision") == 1
    with database.reading() as session:
        assert waiting(session) == []
    assert "has been conferred" not in as_(mara).get("/", follow_redirects=True).text
    assert desk.send(record(earned), {"sure": "y"}).status_code == 409  # an old page confers nothing
    page = desk.get(f"{record(earned)}/again").text
    assert f'value="{decided.id}"' in page
    for _ in range(2):
        assert desk.decide(f"{record(earned)}/again", {**WHY, "follows": decided.id}).status_code == 303
    second = desk.decide(f"{record(earned)}/again", {**other, "follows": decided.id})
    assert (second.status_code, other["reason"] in second.text) == (409, True)
    [again] = [one for one in every(database, Conferral) if one.occasion is Occasion.AGAIN]
    assert (again.follows, again.proof["reason"]) == (decided.id, WHY["reason"])
    assert "has been conferred" in as_(mara).get("/", follow_redirects=True).text


def test_either_the_certificate_is_issued_or_the_decision_is_taken_back(
    earned,
    decided,
    as_,
    dana,
    database,
    tools,
) -> None:
    as_(dana).send(withdrawal(decided), WHY)
    with pytest.raises(Refused, match="taken back"), database.transaction() as session:
        issue(session, conferral_id=decided.id, tools=tools, now=utc_now())
    assert every(database, Certificate) == []


def test_what_has_been_issued_is_not_taken_back(earned, issued, as_, dana, database) -> None:
    [conferral] = every(database, Conferral)
    answer = as_(dana).send(withdrawal(conferral), WHY)
    assert answer.status_code == 409
    assert "issued meanwhile" in answer.text
    assert every(database, ConferralWithdrawal) == []


def test_a_decision_taken_back_keeps_nobody_from_being_erased(decided, as_, dana, mara, database, tools) -> None:
    erase = {"person_id": mara.id, "by": None, "log": tools.log, "now": utc_now()}
    with pytest.raises(Refused, match="taken the decision back"), database.transaction() as session:
        erase_person(session, **erase)
    as_(dana).send(withdrawal(decided), WHY)
    as_(dana).decide(f"/desk/people/{decided.enrolment_id}/again", {**WHY, "follows": decided.id})
    [again] = [one for one in every(database, Conferral) if one.follows]
    as_(dana).send(withdrawal(again), WHY)
    with database.transaction() as session:
        erase_person(session, **erase)
    assert every(database, Conferral) == every(database, ConferralWithdrawal) == []


def test_a_correction_taken_back_can_be_made_anew(issued, as_, dana, database) -> None:
    def correct(name: str) -> Conferral:
        with database.transaction() as session:
            what = {"holder": name, "private_reason": "Seen."}
            return decides(session, Act.CORRECT, dana, issued.public_id, **what, now=utc_now())

    wrong = correct("Mara Vogell")
    as_(dana).send(withdrawal(wrong), WHY)
    assert correct("Mara Ilona Vogel").follows == wrong.id


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("ending", ["in error", "surrendered", "conduct"])
def test_after_an_error_or_a_surrender_dana_confers_again_and_after_misconduct_she_does_not(
    earned,
    issued,
    as_,
    dana,
    mara,
    database,
    settings,
    tools,
    ending,
) -> None:
    with database.transaction() as session:
        about = {"log": tools.log, "now": utc_now()}
        if ending == "surrendered":
            decides(session, Act.SURRENDER, mara, issued.public_id, **about)
        else:
            reason = Reason.ISSUED_IN_ERROR if ending == "in error" else Reason.CONDUCT
            decides(session, Act.REVOKE, dana, issued.public_id, **about, reason=reason, private_reason="So.")
    desk = as_(dana)
    page, form = desk.get(record(earned)).text, {**WHY, "follows": issued.conferral_id}
    if ending == "conduct":
        assert "revoked for a reason other than an error" in page
        assert desk.send(f"{record(earned)}/again", form).status_code == 409
        return
    assert f"{record(earned)}/again" in page
    assert [desk.decide(f"{record(earned)}/again", form).status_code for _ in range(2)] == [303, 303]
    [again] = [one for one in every(database, Conferral) if one.follows == issued.conferral_id]
    newest = issue_now(database, again.id, tools, utc_now())
    assert newest.number in desk.get(record(earned)).text
    assert "Confer again" not in desk.get(record(earned)).text
    assert newest.number in as_(mara).get("/certificates/").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_else_takes_a_decision_back(decided, as_, mara, nils, ada) -> None:
    for address in (withdrawal(decided), f"/desk/people/{decided.enrolment_id}/again"):
        statuses = [as_(one).send(address, WHY).status_code for one in (mara, nils, ada)]
        assert statuses == [403, 404, 403]


def test_whoever_comes_second_to_a_decision_finds_what_the_first_has_done(decided, as_, dana, database, tools) -> None:
    desk, form = as_(dana), WHY

    def issue_it() -> bool:
        try:
            issue_now(database, decided.id, tools, utc_now())
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        taken, made = both.submit(desk.send, withdrawal(decided), form), both.submit(issue_it)
        taken_back, is_issued = taken.result().status_code == 303, made.result()
    assert taken_back is not is_issued
    assert len(every(database, Certificate)) == is_issued
    assert len(every(database, ConferralWithdrawal)) == taken_back


def test_the_record_says_who_decided_what_when_and_why_and_mara_reads_what_concerns_her(
    earned, decided, as_, dana, ada, mara
) -> None:
    desk, taken_back = as_(dana), "A sign in the name"
    desk.send(withdrawal(decided), {**WHY, "reason": taken_back})
    path = as_(mara).get("/", follow_redirects=True).text
    assert "A decision about your certificate was taken back" in path
    assert "Dana Rivers took it back on" in path
    assert taken_back not in path, "it was written for the programme's own record"
    desk.decide(f"{record(earned)}/again", {**WHY, "reason": "The name is right now.", "follows": decided.id})
    page = desk.get(record(earned)).text
    story = page.split("What was decided", 1)[1].split("Time limits", 1)[0]
    assert story.index("Conferred again") < story.index("Decision taken back") < story.rindex("<h3>Conferred</h3>")
    assert story.index("The name is right now.") < story.index(taken_back)
    assert decided.facts["number"] in story
    assert story.count("Dana Rivers, ") == 3
    assert taken_back not in as_(ada).get(record(earned)).text, "reasons are for those who may decide"
    assert "was taken back" not in as_(mara).get("/", follow_redirects=True).text


@sqlite
def test_where_a_name_is_not_corrected_any_more_the_page_leads_to_the_certificate(issued, as_, dana, ada, mara) -> None:
    page = as_(dana).get(f"/desk/identity/{mara.id}").text
    assert f'href="/certificates/{issued.public_id}/status"' in page
    assert "/status" not in as_(ada).get(f"/desk/identity/{mara.id}").text, "its page is for directors"


@sqlite
def test_the_record_tells_an_ending_that_can_be_recalled_from_a_suspension(
    earned, issued, as_, dana, database, tools
) -> None:
    about = {"log": tools.log, "now": utc_now(), "recall_within": timedelta(hours=24)}
    with database.transaction() as session:
        why = {"reason": Reason.ISSUED_IN_ERROR, "private_reason": "The wrong Mara."}
        decides(session, Act.REVOKE, dana, issued.public_id, **why, **about)
    desk = as_(dana)
    assert "<h3>To be revoked</h3>" in desk.get(record(earned)).text
    recalled = {"private_reason": "It was the other one.", "sure": "y"}
    assert desk.decide(f"/certificates/{issued.public_id}/recall", recalled).status_code == 303
    story = desk.get(record(earned)).text
    assert "<h3>Revocation recalled</h3>" in story
    assert "<h3>Suspen" not in story


@sqlite
def test_a_correction_that_is_taken_back_gives_the_account_its_name_back(issued, as_, dana, mara, database) -> None:
    def name() -> str:
        with database.reading() as session:
            return session.get_one(Person, mara.id).name

    with database.transaction() as session:
        what = {"holder": "Mara Wrong", "private_reason": "Confused."}
        wrong = decides(session, Act.CORRECT, dana, issued.public_id, **what, now=utc_now())
    assert name() == "Mara Wrong"
    for _ in range(2):
        assert as_(dana).send(withdrawal(wrong), WHY).status_code == 303
    assert name() == "Mara Vogel"
    told = as_(mara).get("/account").text
    assert "Mara Wrong → Mara Vogel" in told
    assert f"The correction of certificate {issued.number} was taken back." in told
    assert WHY["reason"] not in told


@sqlite
def test_taking_a_correction_back_renames_nobody_in_another_programme(issued, as_, dana, mara, database) -> None:
    with database.transaction() as session:
        who = session.get_one(Person, mara.id)
        accounts.grant(session, person=who, programme="elsewhere", role=Role.DIRECTOR, by=None, now=utc_now())
        what = {"holder": "Mara Wrong", "private_reason": "Confused."}
        wrong = decides(session, Act.CORRECT, dana, issued.public_id, **what, now=utc_now())
        who.name = "Mara Wrong"  # as they are called there
    assert as_(dana).send(withdrawal(wrong), WHY).status_code == 303
    with database.reading() as session:
        assert session.get_one(Person, mara.id).name == "Mara Wrong"


@sqlite
def test_a_name_that_was_corrected_once_more_since_stays(issued, as_, dana, mara, database) -> None:
    with database.transaction() as session:
        what = {"holder": "Mara Wrong", "private_reason": "Confused."}
        wrong = decides(session, Act.CORRECT, dana, issued.public_id, **what, now=utc_now())
        session.get_one(Person, mara.id).name = "Mara Right"
    as_(dana).send(withdrawal(wrong), WHY)
    with database.reading() as session:
        assert session.get_one(Person, mara.id).name == "Mara Right"


@sqlite
@pytest.mark.parametrize("ended", [False, True])
def test_a_name_is_corrected_on_the_account_once_its_certificate_has_ended(
    earned, issued, as_, dana, mara, database, tools, ended
) -> None:
    page = f"/desk/identity/{mara.id}/name"
    if ended:
        about = {"log": tools.log, "now": utc_now()}
        why = {"reason": Reason.ISSUED_IN_ERROR, "private_reason": "The name was misspelt."}
        with database.transaction() as session:
            decides(session, Act.REVOKE, dana, issued.public_id, **about, **why)
    answer = as_(dana).decide(page, {"name": "Mara Fogel", "reason": "Passport seen."}, on=page.rpartition("/")[0])
    assert answer.status_code == (303 if ended else 409)
    with database.reading() as session:
        assert session.get_one(Person, mara.id).name == ("Mara Fogel" if ended else "Mara Vogel")
