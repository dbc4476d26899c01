"""The code lists: complete, in order, and written only where something differs."""

from datetime import date

import pytest

from companies.codes import load_codes
from companies.models import Branch, CompanyForm, Municipality, Postcode, TargetGroup, TierPlan

pytestmark = pytest.mark.django_db


def test_the_lists_are_complete():
    assert Branch.objects.filter(scheme="DB07").count() == 1741
    assert Branch.objects.filter(scheme="DB25").count() == 1785
    assert Branch.objects.filter(scheme="DB25", level=4).count() == 738
    assert Municipality.objects.count() == 98
    assert Postcode.objects.count() > 1200
    assert CompanyForm.objects.count() == 43


@pytest.mark.parametrize(("scheme", "sections", "divisions"), [("DB07", 22, 88), ("DB25", 22, 87)])
def test_every_branch_but_a_section_lies_under_one_that_its_code_begins_with(scheme, sections, divisions):
    branches = Branch.objects.filter(scheme=scheme)

    assert branches.filter(level=0).count() == sections
    assert branches.filter(level=1).count() == divisions
    assert set(branches.filter(parent=None).values_list("level", flat=True)) == {0}
    for code, above, level in branches.exclude(level=0).values_list("code", "parent__code", "level"):
        assert code.startswith(above) or level == 1


def test_leading_zeros_and_danish_letters_are_kept():
    assert Branch.objects.get(scheme="DB25", code="011100").title.startswith("Dyrkning af korn")
    assert Municipality.objects.get(code="0259").name == "Køge"
    assert str(Postcode.objects.get(code="0800")) == "0800 Høje Taastrup"


def test_forms_owned_by_natural_persons_and_public_bodies_are_known():
    assert set(CompanyForm.objects.filter(is_personal=True).values_list("code", flat=True)) == {"10", "15", "20", "30"}
    assert CompanyForm.objects.get(code="250").is_public


def test_loading_again_writes_nothing(django_assert_max_num_queries):
    with django_assert_max_num_queries(8) as asked:
        load_codes()

    assert not [one for one in asked.captured_queries if not one["sql"].startswith("SELECT")]


def test_a_title_that_was_changed_by_hand_is_set_back_and_a_plan_is_not():
    Branch.objects.filter(scheme="DB25", code="56").update(title="Something else")
    TierPlan.objects.filter(tier=1).update(cadence_days=30)

    load_codes()

    assert Branch.objects.get(scheme="DB25", code="56").title == "Restauration"
    assert TierPlan.objects.get(tier=1).cadence_days == 30


def test_the_plans_are_those_of_the_guide():
    assert TierPlan.cadences() == {1: 90, 2: 120, 3: 180}
    assert all(plan.guideline_da and plan.guideline_en for plan in TierPlan.objects.all())


def test_the_target_groups_are_those_of_the_law_and_each_has_its_source():
    groups = list(TargetGroup.objects.valid(date(2026, 11, 24)))

    assert [group.source for group in groups] == [f"LAB § 6, nr. {number}" for number in range(1, 14)]
    assert all(group.name_da and group.name_en for group in groups)


def test_a_target_group_that_a_steward_has_ended_stays_ended():
    TargetGroup.objects.filter(code="lab-06-10").update(valid_to=date(2026, 12, 31))

    load_codes()

    assert TargetGroup.objects.valid(date(2026, 12, 31)).filter(code="lab-06-10").exists()
    assert not TargetGroup.objects.valid(date(2027, 1, 1)).filter(code="lab-06-10").exists()
    assert not TargetGroup.objects.valid(date(2019, 12, 31)).exists()
