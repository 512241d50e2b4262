# The switch in the record; kpe.says is the verb that is tried first.
. /test/slots.sh
if [ "$(word says)" = disable ]; then
	state partial
	says 0 "from the next boot on no live patch is loaded" kpatch-early disable --root $here
else
	state disabled
	has "$status" '^reason="kpatch-early disable; kpatch-early enable takes it back"$' "the status file says why"
	all_original
	not_loaded lp_version
	says 1 "" kpatch-early status --quiet
	says 0 "from the next boot on live patches are loaded" kpatch-early enable --root $here
fi
no_oops
done_testing
