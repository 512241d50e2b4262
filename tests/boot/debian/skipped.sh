# kpatch.skip= names a patch: the late service stays out as a whole.
. /test/common.sh
is_unpatched "lp_version ($release)"
outcome lp_version skipped select "kpatch.skip="
unit "left out by its condition" inactive dead exec-condition
sane
done_testing
