#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs what the test asks for over the second serial port: a line "NUMBER BASE64-OF-SCRIPT" in, "NUMBER STATUS
# BASE64-OF-OUTPUT" out.
stty raw -echo < /dev/ttyS1
exec 3<> /dev/ttyS1
echo ready >&3
while read -r number script <&3; do
  echo "$script" | base64 -d > /tmp/asked
  sh /tmp/asked > /tmp/said 2>&1 < /dev/null
  echo "$number $? $(base64 -w 0 /tmp/said)" >&3
done
