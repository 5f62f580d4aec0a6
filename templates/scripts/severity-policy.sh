#!/usr/bin/env bash
# Applies one severity policy to the SARIF reports of all scanners. No report is an error, not a pass.
#
# in REPORTS_DIR: folder of the `*.sarif` files, searched with its subfolders
# in REPORTS?: report files that must be there, one name per line (default: at least one)
# in BLOCK?: severities that fail the job, of critical, high, medium, low (default `critical,high`)
# in REVIEW?: severities that need a person's decision (default: none)
# in WARN?: severities that are only shown (default `medium`)
# in UNRATED?: lines `TOOL SEVERITY` for tools that rate nothing (default `gitleaks critical`)
# out verdict: `clean`, `warn`, `review` or `block`
# out review: `true` if a finding needs a decision and none blocks
# out critical: number of findings
# out high: number of findings
# out medium: number of findings
# out low: number of findings
