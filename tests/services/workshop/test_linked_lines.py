"""What lines are called on the page of a one-time link (Rule W8)."""

from tests.services.workshop.shop import Shop, labour, part, sublet
from tests.services.workshop.test_signing_link import linked


def test_a_line_is_called_as_the_catalogue_does_in_both_languages_and_what_was_typed_as_it_was(shop: Shop) -> None:
    """Rule W8: whoever reads the document reads their own language where there are two; a part says in what it is counted."""
    typed = labour("OIL", description="Öl, wie immer")
    order = shop.quoted(shop.open(), labour=[labour(), typed], parts=[part()], sublet=[sublet()])
    lines = linked(shop, order)[0].sees().estimate.lines
    assert [(line.description, line.name_zh, line.name_en, line.unit) for line in lines] == [
        ("更换前制动片", "更换前制动片", "Front brake pads", None),
        ("Öl, wie immer", None, None, None),
        ("备件PAD-1", "备件PAD-1", "Part PAD-1", "pc"),
        ("Wheel alignment", None, None, None),
    ]
