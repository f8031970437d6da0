#!/bin/sh
# Writes the input into the folder given.
set -eu
mkdir "$1/input.csv"
