# An addon's patch is in force, under lockdown where kpe.lockdown=yes is on the command line.
. /test/lib.sh
. /test/lockdown.sh
state applied
. /test/overlay-patched.sh
