#!/usr/bin/env bash
# Turns the JSON report of a scanner that knows no SARIF into a SARIF 2.1.0 file.
#
# in TOOL: `pip-audit`, `safety`, `trufflehog` or `pip-licenses`
# in INPUT: the JSON report
# in OUTPUT: the SARIF file to write
# in DEFAULT_SEVERITY?: severity of findings that the tool does not rate (default `high`)
# in MANIFEST_FILE?: file that dependency findings point at (default `requirements.txt`)
# in ALLOWED_LICENSES?: for pip-licenses, names such as `MIT`, one per line; every other licence is a finding
# out findings: number of findings
