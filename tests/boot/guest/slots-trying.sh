# Another set comes back in force, and is blessed.
. /test/slots.sh
state applied
guard trying
patched_version
patched_loadavg
is "$(states)" "quarantined trying" "the try took the older slot"
says 0 "the set of patches is proven" bless
is "$(states)" "proven trying" "and the blessing the other one"
done_testing
