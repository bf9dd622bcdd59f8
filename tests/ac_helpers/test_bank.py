"""Two known mistakes put together in one wrong version."""

from ac_helpers.reference.bank import Bank, InPieces, together


class Sum(InPieces):
    """`add_up`: the sum of squares of two numbers, in pieces."""

    __name__ = "add_up"

    def power(self, value):
        return value**2

    def sign(self):
        return 1

    def __call__(self, first, second):
        return self.power(first) + self.sign() * self.power(second)


def bank():
    found = Bank()
    found.mistake("not_squared")(Sum().with_pieces(power=lambda self, value: value))
    found.mistake("cubed")(Sum().with_pieces(power=lambda self, value: value**3))
    found.mistake("subtracted")(Sum().with_pieces(sign=lambda self: -1))
    found.mistake("subtracted")(Sum().with_pieces(sign=lambda self: -2))
    return {mistake.variant: mistake for mistake in found}


def test_a_piece_replaced_makes_a_wrong_version_with_the_function_s_name():
    mistake = bank()["not_squared"]
    assert (mistake.name, mistake.value(2, 3), Sum()(2, 3)) == ("add_up", 5, 13)


def test_mistakes_in_other_pieces_of_a_function_go_together():
    mistakes = bank()
    both = together(mistakes["not_squared"], mistakes["subtracted"])
    assert both["add_up"](2, 3) == -1


def test_mistakes_in_one_piece_do_not():
    mistakes = bank()
    assert together(mistakes["not_squared"], mistakes["cubed"]) is None
    assert together(mistakes["subtracted"], mistakes["subtracted#2"]) is None


def test_mistakes_in_other_functions_stand_beside_each_other():
    found = Bank()

    @found.mistake("other")
    def elsewhere():
        return 1

    (other,) = found
    subtracted = bank()["subtracted"]
    assert together(subtracted, other) == {"add_up": subtracted.value, "elsewhere": elsewhere}


def test_plain_functions_of_one_name_do_not_go_together():
    found = Bank()
    for mistake in ("one", "two"):

        @found.mistake(mistake)
        def add_up(first, second):
            return first

    assert together(*found) is None
