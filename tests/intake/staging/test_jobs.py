"""Jobs: asked for once, done in order, by one worker at a time, and forgotten when they were heard."""

from datetime import timedelta

from intake.staging import jobs
from intake.staging.jobs import Kind, State
from tests.factories import START


def ask(folder, kind=Kind.CHECK, subject="draft", account_id=2, at=START, **said):
    return jobs.ask(folder, kind, subject, said, account_id=account_id, language="ru", at=at)


def end(job, state=State.DONE, **answer):
    jobs.note(job, state, attempts=1, begun_at=START, answer=answer)


def test_a_job_is_as_it_was_asked_for(folder):
    job = ask(folder, key="k")
    found = jobs.find(folder, job.key)
    assert found == job and found.open
    assert (found.kind, found.subject, found.said, found.account_id, found.language, found.asked_at) == (
        Kind.CHECK, "draft", {"key": "k"}, 2, "ru", START
    )  # fmt: skip


def test_the_same_wish_twice_is_one_job(folder):
    job = ask(folder, key="k")
    end(job, reversed=3)
    again = ask(folder, key="k", at=START + timedelta(hours=1))
    assert again.key == job.key and again.answer == {"reversed": 3} and not again.open
    assert len(jobs.every(folder)) == 1
    assert ask(folder, key="other").key != job.key != ask(folder, key="k", account_id=3).key


def test_jobs_stand_in_the_order_in_which_they_were_asked_for(folder):
    second = ask(folder, subject="b", at=START + timedelta(seconds=1))
    first = ask(folder, subject="a")
    assert [job.key for job in jobs.every(folder)] == [first.key, second.key]
    assert [job.key for job in jobs.about(folder, "b")] == [second.key]


def test_a_forgotten_job_can_be_asked_for_anew(folder):
    job = ask(folder)
    end(job, State.FAILED, error="busy", message="Busy.")
    jobs.forget(job)
    assert ask(folder).open


def test_how_far_a_job_has_come_is_told_beside_it(folder):
    job = ask(folder)
    assert jobs.progress(job) == ("", 0.0)
    jobs.tell(job, "Reading the file", 0.25)
    assert jobs.progress(job) == ("Reading the file", 0.25)


def test_work_goes_on_where_its_progress_cannot_be_written(folder):
    job = ask(folder)
    jobs.forget(job)
    jobs.tell(job, "Reading the file", 0.25)


def test_there_is_one_worker_at_a_time(folder):
    with jobs.the_worker(folder) as first, jobs.the_worker(folder) as second:
        assert (first, second) == (True, False)
    with jobs.the_worker(folder) as after:
        assert after


def test_no_worker_is_started_where_there_is_nothing_to_do_or_one_lives(folder, monkeypatch):
    started = []
    monkeypatch.setattr(jobs.subprocess, "Popen", lambda *words, **given: started.append(words))
    monkeypatch.setattr(jobs, "_started", [])
    jobs.ensure_running(folder)
    job = ask(folder)
    with jobs.the_worker(folder):
        jobs.ensure_running(folder)
    assert not started
    end(job)
    jobs.ensure_running(folder)
    assert not started


def test_what_was_done_a_day_ago_is_cleared_and_what_is_to_be_done_stays(folder):
    done, waiting = ask(folder, subject="done"), ask(folder, subject="waiting")
    end(done)
    jobs.clear(folder, START + timedelta(hours=23))
    assert len(jobs.every(folder)) == 2
    jobs.clear(folder, START + timedelta(hours=25))
    assert [job.key for job in jobs.every(folder)] == [waiting.key]


def test_small_work_is_done_at_once():
    assert jobs.at_once(size=1_000_000, cells=50_000)
    assert not jobs.at_once(size=1_000_001)
    assert not jobs.at_once(cells=50_001)
