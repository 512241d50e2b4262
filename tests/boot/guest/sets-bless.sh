# In force, and blessed.
. /test/slots.sh
state applied
guard "$(word guard)"
patched_version
not_loaded lp_panic
says 0 "proven" bless
no_oops
done_testing
