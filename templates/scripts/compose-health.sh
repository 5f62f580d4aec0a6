#!/usr/bin/env bash
# Asks the new containers for their health on the server itself, before any traffic reaches them.
# in APP_DIR: folder of the application on the server
# in RELEASE: id of this deployment, recorded with a HEALTH_URL and a port
# in EXPECTED_VERSION?: version that the answer must name; not compared
# in HEALTH_TRIES?: number of tries; 10
# in HEALTH_DELAY?: seconds between them; 6
