. /test/common.sh
is_patched
was_early
unit "active, without an error" active exited success
sane
done_testing
