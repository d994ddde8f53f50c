-- One row a worker. 7.78 dollars an hour is the median wage of the survey.
select *, wage > 7.78 as high_wage
from cps
