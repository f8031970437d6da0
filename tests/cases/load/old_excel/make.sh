#!/bin/sh
printf '\320\317\021\340\241\261\032\341%01000d' 0 >"$1/input.xls"
printf 'W\000o\000r\000k\000b\000o\000o\000k\000' >>"$1/input.xls"
