#!/usr/bin/env bash
# Checks the configuration of an environment before anything is deployed with it.
# in COMPOSE_FILES: compose files, one per line
# in ENV_FILE?: configuration file of the environment; none
# in EXAMPLE_FILE?: file whose keys the configuration file must all have; none
# in REQUIRED_KEYS?: further keys that it must have, separated by blanks; none
# in IMAGES?: lines `NAME=image` that the compose files read; none
# in APP_PORT?: port that the compose files read; none
