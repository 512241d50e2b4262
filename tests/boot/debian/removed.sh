# After a procedure and the reboot: no patch is loaded, none is installed.
. /test/common.sh
is_unpatched
agreed
sane
done_testing
