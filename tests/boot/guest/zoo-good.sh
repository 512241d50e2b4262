# The good patches of a changed set, after the set with the bad one was quarantined.
. /test/zoo.sh
state applied
guard trying
patched_version
patched_loadavg
says 0 "the set of patches is proven" bless
no_oops
done_testing
