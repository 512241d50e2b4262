# A steady boot writes nothing.
. /test/slots.sh
state applied
guard proven
patched_version
is "$(echo $(sequences))" "5 6" "nothing was written at this boot"
no_oops
done_testing
