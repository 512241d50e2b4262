#!/usr/bin/env bash
# ftrace switched off by its sysctl before the patches are loaded.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_version lp_loadavg lp-execdomains
hook cmdline <<-'END'
	echo 0 > /proc/sys/kernel/ftrace_enabled
END
boot refused kpe_reason=a_function_is_taken_by_another_user_of_ftrace kpe_last=ftrace
