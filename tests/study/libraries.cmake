# Commands are asked what the library says, and what they are.
lode_within(test_study)
set(cost 40)
