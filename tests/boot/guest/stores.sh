# A boot whose store is of no use: what the host says of it on the command line, with _ for a space.
. /test/zoo.sh
says=$(word says | tr _ ' ')
state "$(word state)"
case $(word state) in
quarantined) guard blocked ;;
*) guard none ;;
esac
our_log
has /tmp/log "$says" "the log says: $says"
if [ "$(word state)" = applied ]; then patched_version; else original_version; fi
no_oops
done_testing
