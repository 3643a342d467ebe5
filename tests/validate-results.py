#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: validate-results.py SCHEMA RESULTS

Exit 0 when RESULTS, a results.json, holds to SCHEMA, the validator refuses spoilt copies of it, and its statistics are
those that its raw figures give when they are calculated here, in another language and by other means: p by dealing
the ranks out in every way, medians and percentiles by sorting.
"""
import copy
import itertools
import json
import math
import statistics
import sys

import jsonschema


def refuse_constant(word):
    raise ValueError(f"{word} is not JSON")


def spoil_version(results):
    results["version"] += 1


def spoil_figure(results):
    results["runs"][0]["figures"]["iops_per_s"] = "much"


def spoil_missing(results):
    del results["runs"][0]["figures"]["iops_per_s"]


def spoil_verdict(results):
    figures = results["statistics"][0]["cells"][0]["figures"]
    next(iter(figures.values()))["verdict"] = "superb"


SPOILERS = [spoil_version, spoil_figure, spoil_missing, spoil_verdict]
PERCENTILES = {"latency_p50_s": 50, "latency_p99_s": 99, "latency_p99_9_s": 99.9}


def rank_test(a, b):
    """The two-sided p of the rank test, by counting."""
    both = a + b
    ranks = [sum(y < x for y in both) + (sum(y == x for y in both) + 1) / 2 for x in both]
    middle = len(a) * (len(both) + 1) / 2
    seen = abs(sum(ranks[: len(a)]) - middle)
    deals = [abs(sum(deal) - middle) for deal in itertools.combinations(ranks, len(a))]
    return sum(far >= seen - 1e-9 for far in deals) / len(deals)


def holm(probabilities):
    adjusted, before = {}, 0
    ordered = sorted(probabilities.items(), key=lambda item: item[1])
    for i, (key, p) in enumerate(ordered):
        before = max(before, min(1, p * (len(ordered) - i)))
        adjusted[key] = before
    return adjusted


def percentile(runs, percent):
    requests = sorted((seconds, count) for run in runs for seconds, count in run["latency_bins"])
    wanted = math.ceil(sum(count for _, count in requests) * percent / 100)
    for seconds, count in requests:
        wanted -= count
        if wanted <= 0:
            return seconds
    return None


def value_of(name, runs, values):
    if name in PERCENTILES:
        return percentile(runs, PERCENTILES[name])
    return max(values) if name == "latency_max_s" else statistics.median(values)


def check_figure(results, comparison, name):
    """Compare what the file says of the figure NAME with what its runs give; how many values were compared."""
    samples, probabilities = {}, {}
    for cell in comparison["cells"]:
        runs = [run for run in results["runs"] if run["cell"] == cell["cell"] and run["failure"] is None
                and not run["repeated"] and run["figures"][name] is not None]
        if not runs:
            continue
        values = samples[cell["cell"]] = [run["figures"][name] for run in runs]
        said, value = cell["figures"][name], value_of(name, runs, values)
        if not math.isclose(said["value"], value, rel_tol=1e-9):
            sys.exit(f"{comparison['work']}: cell {cell['cell']}: {name} is {value}, not {said['value']}")
        low, high = said["interval_95"] or (value, value)
        if not low <= value <= high:
            sys.exit(f"{comparison['work']}: cell {cell['cell']}: {name}: {value} is outside {low} to {high}")
    baseline = samples.get(comparison["baseline_cell"])
    for number, values in samples.items():
        if baseline and number != comparison["baseline_cell"]:
            probabilities[number] = rank_test(values, baseline)
    adjusted = holm(probabilities)
    for cell in comparison["cells"]:
        if cell["cell"] in adjusted and not math.isclose(
                cell["figures"][name]["p_adjusted"], adjusted[cell["cell"]], rel_tol=1e-9):
            sys.exit(f"{comparison['work']}: {name}: p is {adjusted[cell['cell']]}, not as the file has it")
    return len(samples)


def main(schema_path, results_path):
    with open(schema_path, encoding="ascii") as file:
        schema = json.load(file)
    with open(results_path, encoding="ascii") as file:
        results = json.load(file, parse_constant=refuse_constant)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for error in validator.iter_errors(results):
        sys.exit(f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
    for spoil in SPOILERS:
        spoilt = copy.deepcopy(results)
        spoil(spoilt)
        if validator.is_valid(spoilt):
            sys.exit(f"the validator takes results after {spoil.__name__}")
    compared = sum(check_figure(results, comparison, name) for comparison in results["statistics"]
                   for name in results["runs"][0]["figures"])
    if not compared:
        sys.exit("there is nothing to compare")
    print(f"{len(results['runs'])} runs are valid, {compared} values are what they give")


if __name__ == "__main__":
    main(*sys.argv[1:])
