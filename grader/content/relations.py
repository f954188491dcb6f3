"""The relations between a wrong answer and the right one that the judge can name."""

from __future__ import annotations

from enum import StrEnum


class RelationKind(StrEnum):
    """A relation between the results of a learner's function and those of the reference solution."""

    # between several results
    SWAPPED = "swapped"  # two results are in each other's place
    RESULTS_REORDERED = "results_reordered"  # three or more results are in another order
    DUPLICATED = "duplicated"  # one result is what another one should be
    REORDERED = "reordered"  # the right items in another order; parts of one series are taken together
    ROTATED = "rotated"  # parts of one series begin at another item
    CUT_ELSEWHERE = "cut_elsewhere"  # parts of one series are cut at another item
    # of shapes
    AXIS_MISSING = "axis_missing"
    AXIS_EXTRA = "axis_extra"
    AXES_SWAPPED = "axes_swapped"
    RESHAPED = "reshaped"  # the right values in the right order, in another shape
    # of positions
    REVERSED = "reversed"
    REVERSED_WITHIN = "reversed_within"  # along another axis than the first
    BELONGS_EARLIER = "belongs_earlier"  # each item belongs one position earlier
    BELONGS_LATER = "belongs_later"
    FIRST_WRONG = "first_wrong"  # all items but the first are right
    LAST_WRONG = "last_wrong"
    # of lengths
    LAST_MISSING = "last_missing"
    FIRST_MISSING = "first_missing"
    END_MISSING = "end_missing"  # only the first k items
    START_MISSING = "start_missing"
    THINNED = "thinned"  # every second item, or every third, and so on
    ONE_MORE_AT_END = "one_more_at_end"
    ONE_MORE_AT_START = "one_more_at_start"
    MORE_AT_END = "more_at_end"
    MORE_AT_START = "more_at_start"
    # of values
    ROOTED = "rooted"
    SQUARED = "squared"
    SUMMED = "summed"  # instead of averaged
    AVERAGED = "averaged"  # instead of summed
    NEGATED = "negated"
    ROUNDED = "rounded"
    TRUNCATED = "truncated"
    CAST = "cast"  # the right values in another dtype
    SCALED = "scaled"
    OFFSET = "offset"
    RESCALED = "rescaled"  # multiplied by one constant and shifted by another
    RENUMBERED = "renumbered"  # equal items have equal numbers, but other ones
    LETTER_CASE = "letter_case"
    INVERTED = "inverted"  # a dictionary's keys and values are swapped
    # between calls
    CONSTANT = "constant"
    ARGUMENT_IGNORED = "argument_ignored"
    PRINTED = "printed"  # instead of returned
    RETURNED = "returned"  # where it should raise
    RAISED = "raised"  # where it should return
