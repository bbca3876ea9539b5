"""Say when the people of a cohort may begin an examination."""
