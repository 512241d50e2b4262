# The shell of on_failure=emergency was left, and the boot went on.
. /test/lib.sh
init_ran
state failed
has /run/kpatch-early/emergency "^lp_unknown_function is required and not in force: a function to patch was not found" \
	"the note gives the reason"
dmesg | tr '\n' ' ' >/tmp/line
has /tmp/line "on_failure=emergency.*test: the shell, before inactive.*test: left.*the root's init runs" \
	"the boot waited for the shell, before udev"
is "$(grep -o "on_failure=emergency" /tmp/line | wc -l)" 1 "once"
done_testing
