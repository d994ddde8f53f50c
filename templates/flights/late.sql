-- One row a flight; `late` is the question.
select *, delay > 15 as late
from flights
