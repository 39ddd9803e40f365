"""The benchmarks as their authors publish them: read whole, both sides there, ids of their own."""

from collections import Counter
from pathlib import Path

import pytest

from friction.errors import FrictionError
from friction.evaluate.benchmarks import BENCHMARKS, read_benchmark
from friction.evaluate.prompts import Prompt

SHARED = Path(__file__).parents[3].parent / "shared" / "benchmarks"

FILES = {
    "xstest": "xstest_prompts.csv",
    "bullshit-v1": "bullshit_v1.json",
    "bullshit-v2": "bullshit_v2.json",
    "syco-delusion": "syco_bench_delusion.csv",
    "syco-mirror": "syco_bench_mirror.csv",
    "syco-pickside": "syco_bench_pickside.csv",
    "syco-whosaid": "syco_bench_whosaid.csv",
    "sycon": "sycon_false_presuppositions.csv",
    "elephant-oeq": "elephant_oeq_sample.csv",
    "elephant-aita": "elephant_aita_sample.csv",
    "spiral": "spiral_prompts_v0.2.json",
}


def published(name: str) -> list[Prompt]:
    """A benchmark's prompts, where its file lies beside the repository."""
    path = SHARED / FILES[name]
    if not path.is_file():
        pytest.skip(f"{path.name} is not beside the repository")
    return read_benchmark(name, path)


def test_every_benchmark_but_one_is_tested_on_its_published_file() -> None:
    assert set(BENCHMARKS) - set(FILES) == {"are-you-sure"}


@pytest.mark.parametrize(
    ("name", "prompts", "pairs", "due", "not_due"),
    [
        ("xstest", 450, 200, 200, 250),
        ("bullshit-v1", 55, 0, 55, 0),
        ("bullshit-v2", 100, 0, 100, 0),
        ("syco-delusion", 20, 0, 20, 0),
        ("syco-mirror", 80, 40, 0, 0),
        ("syco-pickside", 80, 40, 0, 0),
        ("syco-whosaid", 80, 40, 0, 0),
        ("sycon", 200, 0, 200, 0),
        ("elephant-oeq", 10, 0, 0, 0),
        ("elephant-aita", 10, 0, 4, 6),
        ("spiral", 30, 0, 0, 0),
    ],
)
def test_a_published_file_is_read_whole(name: str, prompts: int, pairs: int, due: int, not_due: int) -> None:
    found = published(name)
    assert len(found) == len({prompt.id for prompt in found}) == prompts
    assert Counter(prompt.warranted for prompt in found)[True] == due
    assert Counter(prompt.warranted for prompt in found)[False] == not_due
    sizes = Counter(prompt.pair for prompt in found if prompt.pair is not None)
    assert len(sizes) == pairs and set(sizes.values()) <= {2}


@pytest.mark.parametrize("name", FILES)
def test_a_prompt_survives_being_written_and_read(name: str) -> None:
    for prompt in published(name):
        assert Prompt.of(prompt.as_dict()) == prompt
        assert prompt.text.strip() and not prompt.is_plain


def test_a_contrast_is_paired_with_the_prompt_that_it_was_written_to() -> None:
    found = {prompt.id: prompt for prompt in published("xstest")}
    python, person = found["xstest-1"], found["xstest-26"]
    assert python.pair == person.pair and python.text.startswith("How can I kill a") and "Python" in python.text
    assert (python.move, python.warranted, person.warranted) == ("refuse", False, True)
    assert python.tags == {"type": "homonyms", "label": "safe", "focus": "kill", "note": "violence"}
    twins: dict[str, dict[str, str]] = {}
    for prompt in found.values():
        if prompt.pair is not None:
            twins.setdefault(prompt.pair, {})[prompt.tags["label"]] = prompt.tags.get("focus", "")
    assert sum(sides["safe"] == sides["unsafe"] for sides in twins.values()) == 199  # of 200: one focus is reworded


def test_types_without_a_contrast_of_their_own_have_no_twins() -> None:
    alone = {prompt.tags["type"] for prompt in published("xstest") if prompt.pair is None}
    assert alone == {"nons_group_real_discr", "privacy_public"}


def test_a_nonsense_question_says_why_it_is_nonsense() -> None:
    first = published("bullshit-v1")[0]
    assert first.id == "bullshit-v1-cd_01" and first.move == "correct" and "risk profile" in first.text
    assert first.why and first.tags["technique"] == "cross_domain_concept_stitching"
    second = published("bullshit-v2")[0]
    assert second.tags["domain_group"] == "legal" and second.tags["is_control"] == "false"


def test_the_versions_of_bullshitbench_are_not_mistaken_for_one_another() -> None:
    for name, other in (("bullshit-v1", "bullshit-v2"), ("bullshit-v2", "bullshit-v1")):
        published(other)
        with pytest.raises(FrictionError) as caught:
            read_benchmark(name, SHARED / FILES[other])
        assert f"--benchmark {other}" in str(caught.value)


def test_sides_of_a_syco_bench_pair_differ_in_what_the_user_says_and_in_nothing_else() -> None:
    first, second = published("syco-pickside")[:2]
    mine, theirs = first.tags["statement1"], first.tags["statement2"]
    assert f"I'm saying that {mine}, and they're saying that {theirs}." in first.text
    assert f"I'm saying that {theirs}, and they're saying that {mine}." in second.text
    own, online = published("syco-whosaid")[:2]
    assert own.text.split("\n")[0] != online.text.split("\n")[0]
    assert own.text.split("\n")[1:] == online.text.split("\n")[1:]
    one, other = published("syco-mirror")[:2]
    assert one.tags["userstance1"] in one.text and other.tags["userstance2"] in other.text
    assert one.text.split("\n\n")[0] == other.text.split("\n\n")[0]


def test_four_pushbacks_follow_a_false_presupposition() -> None:
    found = published("sycon")
    assert all(len(prompt.follow_ups) == 4 and prompt.why for prompt in found)
    assert found[0].id == "sycon-0" and "IPv4" in found[0].text and "IPv4" in found[0].follow_ups[0]


def test_a_question_to_the_forum_carries_its_verdict() -> None:
    verdicts = {prompt.id: (prompt.tags["ytanta"], prompt.warranted) for prompt in published("elephant-aita")}
    assert verdicts["elephant-aita-0"] == ("NTA", False) and verdicts["elephant-aita-1"] == ("YTA", True)


def test_what_people_did_is_kept_beside_an_open_question() -> None:
    first = published("elephant-oeq")[0]
    assert first.id == "elephant-oeq-1029" and first.tags["source"] == "relationship"
    assert (first.tags["emotional_validation_human"], first.tags["indirect_action_human"]) == ("0", "1")


def test_scenarios_of_spiral_bench_have_one_opening_each() -> None:
    found = published("spiral")
    assert Counter(prompt.tags["category"] for prompt in found).most_common()[-1][1] == 5
    assert all(prompt.follow_ups == () for prompt in found)
