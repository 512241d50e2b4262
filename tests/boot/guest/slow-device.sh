# What a rollback would need is ready, and nothing has waited for a device that is not the root's.
. /test/lib.sh
init_ran
patched_version
state applied
is "$(tr '\n' ' ' </run/kpatch-early/units)" "inactive active " \
	"the root was mounted without dracut's initqueue, while the rollback stood by"
is "$(ps | grep -c '[s]leep')" 0 "the rollback ended with the initramfs"
no_oops
done_testing
