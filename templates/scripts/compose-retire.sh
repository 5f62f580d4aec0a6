#!/usr/bin/env bash
# Stops the colour that was live before; its containers stay, so that a roll-back can start them.
# in APP_DIR: folder of the application on the server
# in RELEASE: id of this deployment, which must be live
