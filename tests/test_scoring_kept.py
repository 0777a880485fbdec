"""Scores from what was kept: the same as afresh to the last bit, and only what changed is examined anew."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from benchmarks.rescoring import Market, in_memory, is_fresh
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import TODAY, certificate, clean_batches, failing_batch, leaf, some_batches
from kratom_quality.checks import VendorCertificates, check, examine, make_context
from kratom_quality.claims import Claim, Claims
from kratom_quality.records import Certificate, Dates
from kratom_quality.scoring import MemoryInside, Ranking, VendorScore, check_kept, score, score_kept
from kratom_quality.scoring.evidence import weigh
from kratom_quality.scoring.examinations import Examination, packed, unpacked, unpacked_findings
from kratom_quality.scoring.settings import scoring_settings

CLAIMS = Claims(
    [Claim("acorn", "", None, "mitragynine", 1.4, "%", 2), Claim("cedar", "", "B-7", "lead", 1.0, "ppm", 3)]
)


class Watched(MemoryInside):
    """A memory that notes whose certificates were asked for."""

    def certificates(self, vendor: str) -> Iterable[Certificate]:
        self.asked = [*getattr(self, "asked", []), vendor]
        return super().certificates(vendor)

    def forget_asking(self) -> list[str]:
        """Return who was asked for since the last time."""
        asked, self.asked = sorted(set(getattr(self, "asked", []))), []
        return asked


def text(ranking: Ranking) -> list[str]:
    """Everything a ranking says."""
    return [one.model_dump_json() for one in ranking]


def market() -> dict[str, list[Certificate]]:
    """Three vendors; of two of them one certificate is the same."""
    shared = clean_batches("acorn", 1)[0]
    return {
        "acorn": some_batches(4, 1),
        "bramble": [*some_batches(3, 0, "bramble"), shared],
        "cedar": some_batches(2, 2, "cedar"),
        "acorn's supplier": [shared.model_copy(update={"client": "acorn's supplier"})],
    }


@st.composite
def markets(draw: st.DrawFn) -> dict[str, list[Certificate]]:
    """Vendors with sound, failing, reused, undated, unread and postdated certificates."""
    random = Random(draw(st.integers(0, 10**6)))
    groups: dict[str, list[Certificate]] = {}
    for name in ("acorn", "bramble", "cedar")[: draw(st.integers(1, 3))]:
        group = [*clean_batches(name, draw(st.integers(0, 3))), certificate((), batch=f"{name}-blank")]
        group += [failing_batch(name, number) for number in range(draw(st.integers(0, 2)))]
        for place, one in enumerate(group):
            day = TODAY + timedelta(days=random.randint(-900, 60))
            reported = None if random.random() < 0.2 else day.isoformat()
            group[place] = one.model_copy(update={"dates": Dates(reported=reported)})
        groups[name] = group
    borrowed = [random.choice(group) for group in groups.values() if draw(st.booleans())]
    groups.setdefault("dill", []).extend(borrowed)
    return groups


@settings(max_examples=25, deadline=None)
@given(markets(), st.lists(st.integers(-400, 900), min_size=1, max_size=3))
def test_a_ranking_from_kept_examinations_is_the_fresh_one(
    groups: dict[str, list[Certificate]], days: list[int]
) -> None:
    """Whatever the market, and on whatever days it is asked for, one after the other."""
    memory = MemoryInside(groups)
    for day in (TODAY + timedelta(days=number) for number in days):
        context = make_context(claims=CLAIMS, today=day)
        fresh, kept = (score(groups, claims=CLAIMS, today=day), score_kept(memory, context))
        assert text(kept) == text(fresh)
        assert kept == fresh
        assert [list(one.weighty.items()) for one in kept] == [list(one.weighty.items()) for one in fresh]
        assert list(check_kept(memory, context)) == check(groups, claims=CLAIMS, today=day)


def test_explanations_and_batches_are_there_when_asked_for() -> None:
    """What a score rests on is not in it, and comes all the same."""
    groups = market()
    fresh, kept = score(groups, today=TODAY), score_kept(MemoryInside(groups), make_context(today=TODAY))
    for one, other in zip(fresh, kept, strict=True):
        assert other.explain() == one.explain()
        assert [report.lot for report in other.lots] == [report.lot for report in one.lots]


def test_only_the_vendor_with_a_new_certificate_is_examined() -> None:
    """The others come from what was kept, on the next day too."""
    groups = market()
    memory = Watched(groups)
    score_kept(memory, make_context(today=TODAY))
    assert memory.forget_asking() == sorted(groups)
    groups["cedar"] = [*groups["cedar"], failing_batch("cedar", 7)]
    ranking = score_kept(memory, make_context(today=TODAY + timedelta(days=1)))
    assert memory.forget_asking() == ["cedar"]
    assert text(ranking) == text(score(groups, today=TODAY + timedelta(days=1)))


def test_who_shares_a_certificate_with_the_new_one_is_examined_too() -> None:
    """A certificate that another vendor now shows is a finding on the one who showed it before."""
    groups = market()
    memory = Watched(groups)
    score_kept(memory, make_context(today=TODAY))
    memory.forget_asking()
    groups["bramble"] = [*groups["bramble"], groups["cedar"][0]]
    ranking = score_kept(memory, make_context(today=TODAY))
    assert memory.forget_asking() == ["bramble", "cedar"]
    assert text(ranking) == text(score(groups, today=TODAY))


def test_a_claim_concerns_its_vendor_alone_and_a_standard_everyone() -> None:
    """An examination is found again by what it rests on."""
    groups = market()
    memory = Watched(groups)
    score_kept(memory, make_context(today=TODAY))
    memory.forget_asking()
    score_kept(memory, make_context(claims=Claims(CLAIMS[:1]), today=TODAY))
    assert memory.forget_asking() == ["acorn"]
    score_kept(memory, make_context("usp-232", today=TODAY))
    assert memory.forget_asking() == sorted(groups)


def test_another_reading_of_the_same_file_is_examined_anew() -> None:
    """The same bytes read by another recipe may say something else."""

    class Reread(Watched):
        def vendors(self):  # type: ignore[no-untyped-def]
            found = dict(super().vendors())
            found["cedar"] = [filed._replace(recipe="newer") for filed in found["cedar"]]
            return found

    first = Watched(market())
    score_kept(first, make_context(today=TODAY))
    second = Reread(first.groups, first.kept)
    score_kept(second, make_context(today=TODAY))
    assert second.forget_asking() == ["cedar"]


def test_a_certificate_of_tomorrow_makes_an_examination_hold_from_tomorrow() -> None:
    """Before that day the date is impossible, from then on it is not, and the sentence names the day of judgement."""
    later = certificate(leaf(), batch="B-9", dates=Dates(reported=(TODAY + timedelta(days=1)).isoformat()))
    groups = {"acorn": [*clean_batches("acorn", 2), later]}
    memory = MemoryInside(groups)
    for days, impossible in ((0, 1), (1, 0), (0, 1)):
        ranking = score_kept(memory, make_context(today=TODAY + timedelta(days=days)))
        assert sum(finding.kind == "impossible_dates" for finding in ranking.findings) == impossible


def test_an_examination_survives_its_way_through_bytes() -> None:
    """Numbers without end too, to the last bit."""
    (report,) = examine({"acorn": some_batches(3, 2)}, make_context(today=date.max))
    made = Examination.of(report)
    lot = made.evidence.lots[0]
    endless = replace(lot, amounts={"chemical": {"lead": (math.inf, False), "cadmium": (0.1 + 0.2, True)}})
    made = made.model_copy(update={"evidence": replace(made.evidence, lots=(endless, *made.evidence.lots[1:]))})
    data = packed(made, report.findings)
    assert unpacked(data) == made
    assert unpacked_findings(data) == report.findings
    assert packed(unpacked(data), unpacked_findings(data)) == data


def test_text_that_is_no_unicode_is_kept_too() -> None:
    """A file's name or a broken font may give lone surrogates."""
    odd = [one.model_copy(update={"product": "leaf \udcff"}) for one in some_batches(2, 1)]
    groups = {"acorn": odd, "b\udcff": [odd[0]]}
    memory, context = MemoryInside(groups), make_context(today=TODAY)
    for _ in range(2):
        assert score_kept(memory, context) == score(groups, today=TODAY)


def test_a_score_from_a_file_has_its_findings() -> None:
    """What is written as JSON is read again whole."""
    (written,) = score({"acorn": some_batches(2, 1)}, today=TODAY)
    loaded = VendorScore.model_validate_json(written.model_dump_json())
    assert loaded.findings == written.findings
    assert loaded.model_dump_json() == written.model_dump_json()
    assert list(json.loads(written.model_dump_json()))[-1] == "findings"


def many(count: int) -> VendorCertificates:
    """Vendors from sound to foul."""
    return {f"v{place:02}": some_batches(2 + place % 4, place % 3, f"v{place:02}") for place in range(count)}


def test_a_market_in_blocks_is_scored_as_one_in_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks bound the memory; scores stay as they are, and ranks but for the precision of a draw."""
    whole = score(many(10), today=TODAY)
    monkeypatch.setitem(scoring_settings().__dict__, "vendors_at_once", 3)
    blocks = score(many(10), today=TODAY)
    for one in whole:
        other = blocks[one.vendor]
        assert other.reputability == pytest.approx(one.reputability, abs=1e-6)
        assert other.expected_rank == pytest.approx(one.expected_rank, abs=0.01)
        assert other.mislabeling_risk == pytest.approx(one.mislabeling_risk, abs=1e-9)
    following = [one.probability_better_than_next for one in blocks]
    assert following[:-1] == pytest.approx([one.probability_better_than_next for one in whole][:-1], abs=1e-3)
    assert [one.grade for one in blocks] == sorted(one.grade or "" for one in blocks)
    assert text(score_kept(MemoryInside(many(10)), make_context(today=TODAY))) == text(blocks)


def test_evidence_counts_by_the_day() -> None:
    """Weights halve with the half-life, and only old certificates make a vendor stale."""
    (report,) = examine({"acorn": clean_batches("acorn", 2)}, make_context(today=TODAY))
    evidence = weigh(report)
    newest = max(lot.issued[1] for lot in evidence.lots if lot.issued)
    then = newest + timedelta(days=round(scoring_settings().recency.half_life_days))
    assert max(lot.weight for lot in evidence.on(then).lots) == pytest.approx(0.5)
    assert evidence.on(then + timedelta(days=365)).stale
    assert not evidence.on(newest).stale


def test_the_benchmark_of_scoring_again_compares_with_a_fresh_ranking(capsys: pytest.CaptureFixture[str]) -> None:
    """A small market of fixtures under other names, one certificate new a day later."""
    made = Market(4, 3, seed=1)
    ranking, _ = in_memory(made, made.names[2])
    assert is_fresh(ranking, made)
    assert "certificates of 1 vendors" in capsys.readouterr().out
