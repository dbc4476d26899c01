import pytest

from jobcenter_crm.frame.addresses import number, numbers


@pytest.mark.parametrize("text", [None, "", " 1", "-1", "1.0", "²", "٣", "1" * 19, "a", "\0"])
def test_what_is_no_number_a_key_can_have_is_none(text):
    assert number(text) is None


def test_numbers_come_in_their_order_and_the_rest_is_left():
    assert number("9" * 18) == 999999999999999999
    assert numbers(["7", "x", "", "3", "7"]) == [7, 3, 7]
