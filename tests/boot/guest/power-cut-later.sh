# A boot after one whose power was cut.
. /test/slots.sh
state applied
guard "$(sed -n 's/.* kpe\.guard=\([a-z]*\).*/\1/p' /proc/cmdline)"
patched_version
says 0 "is proven" bless
done_testing
