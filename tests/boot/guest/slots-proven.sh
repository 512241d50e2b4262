# A steady boot writes nothing.
. /test/slots.sh
state applied
guard proven
patched_version
dd if=/dev/vdb1 bs=1 skip=16 count=4 2>/dev/null | od -An -tu4 >/tmp/newer
dd if=/dev/vdb1 bs=1 skip=4112 count=4 2>/dev/null | od -An -tu4 >>/tmp/newer
is "$(sort -n /tmp/newer | tr -d ' ' | tr '\n' ' ')" "4 5 " "nothing was written at this boot"
no_oops
done_testing
