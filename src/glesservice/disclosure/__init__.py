"""What of a result may be published: the one way from what was found to every product.

The rules, with *few* for fewer people than ``publication.min_people`` (default 10):

1. A cell carries the class of its people, never a count. Where a class, together with what else is
   told, would leave one number only for a cell of few people, the class is not told.
2. A count of few people is told as *färre än 10*; nobody at all is told as 0.
3. A count is also withheld (*visas inte*) where few people would follow from it: from a total minus
   the rest, from another limit or another service. Every two counts that an ort tells part its
   cells in groups of which none is of few people.
4. An ort's people are told where they are not few, even if they are one cell's. An ort of few
   people is not named but part of *spridd bebyggelse*. If that is of few people, the smallest
   ort's people and its bygd's are withheld too, for the municipality's total is known.
5. Counts that cross orter, of the municipality and of serviceorter, are exact for an open grid. Of
   a confidential population they are worked out from people who are spread evenly over those
   groups: they are a few people off, and tell nothing but the groups'.
6. Age groups follow the same rules, whatever the source; the rest of an age group counts as well.
   Of an age group in the whole municipality every number comes from evened people.
7. Of a population from a source marked ``confidential = true`` nothing finer than groups of cells
   goes into the analysis at all (``glesservice.protection``): means, scores and catchments rest on
   every cell, and could otherwise be solved for them.
8. Tables that stand by themselves (scenarios, comparisons) follow rules 2 and 3 row by row.

SCB's open grid is published by SCB itself, protected, cell by cell. Rules 1 to 4 and 6 keep our own
tables from telling of few people in counts; that the municipality's sums and means could be solved
for its cells tells nothing that SCB does not, and a sum that is a few people off would be a wrong
number in a decision.
"""

from glesservice.disclosure.publishing import Published, publish, published_table
from glesservice.disclosure.schemas import HIDDEN, few_words, shown_as, tables_of, told

__all__ = [
    "HIDDEN",
    "Published",
    "few_words",
    "publish",
    "published_table",
    "shown_as",
    "tables_of",
    "told",
]
