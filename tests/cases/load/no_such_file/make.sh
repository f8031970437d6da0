#!/bin/sh
# Writes the input into the folder given.
set -eu
true
