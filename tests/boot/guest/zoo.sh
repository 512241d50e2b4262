# For the zoo: $set is what the host says that the initramfs has, $bad the bad one of it, if any.
. /test/slots.sh
word() { sed -n "s/.* kpe\.$1=\([^ ]*\).*/\1/p" /proc/cmdline; }
set=$(word set | tr , ' ')
bad=
for name in $set; do
	case $name in lp_version | lp_loadavg) ;; *) bad=$name ;; esac
done

# How the kernel refuses it: the step, what we say of it, and what the guard keeps of it.
case $bad in
lp_init_fails) step=load why="own init refused" cause="Domain error" ;;
lp_init_returns_one) step=enable why="returned without enabling" cause="an init returned without enabling" ;;
lp_unknown_function) step=load why="a function to patch was not found" cause="Invalid argument" ;;
lp_unknown_symbol) step=load why="does not know a symbol" cause="No such file or directory" ;;
lp_stall) step=transition why="its transition did not end in 2 s" cause="a transition did not end" ;;
esac

not_in_force() {
	[ ! -e "/sys/kernel/livepatch/$1" ]
	ok $? "$1 is not in force"
}

left_out() {
	all_original
	for name in $set; do
		not_loaded "$name"
		outcome "$name" skipped guard "the boot guard"
	done
	our_log
	has /tmp/log "^quarantined: 0 of $(echo $set | wc -w) patches .* $1" "the log says why"
	says 0 "$1" kpatch-early status
	says 1 "" kpatch-early status --quiet
	says 0 "not blessed: $1" bless
	no_oops
}
