# The shell that PID 1 ran was ended, and the boot went on.
. /test/lib.sh
ok 0 "the boot goes on"
state failed
dmesg | tr '\n' ' ' >/tmp/line
has /tmp/line "on_failure=emergency.*test: the shell, on its terminal.*the root's init runs" "the boot waited for the shell"
[ ! -e /run/kpatch-early/emergency ]
ok $? "there is no note for a hook"
patched_version
done_testing
