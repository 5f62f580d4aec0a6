#!/usr/bin/env bash
# Starts the containers of this release, waits until they are healthy and checks their images:
# in place of the live ones (direct strategy), or beside them as the idle colour (blue-green).
# in APP_DIR: folder of the application on the server
# in RELEASE: id of this deployment
# in WAIT_SECONDS?: time for the containers to become healthy; 120
