#!/usr/bin/env bash
# Points the proxy at the colour of this release and records it as live.
# in APP_DIR: folder of the application on the server
# in RELEASE: id of this deployment
