"""False alarms and power of every question of the checks whose answer involves chance.

    python -m bench.statistics                     # exact, networks, calibration, alarms, power
    python -m bench.statistics --runs 10           # ten times as many runs
    python -m bench.statistics --parts learns      # single runs of test_agent_learns

Results go to statistics.csv and statistics.md in the folder above and between the markers of
docs/statistics.md, which explains them; parts that are not run keep their figures.
"""
