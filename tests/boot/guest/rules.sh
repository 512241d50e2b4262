# The list in /rules has what check said on the host of the modules in /rules, a line each. The kernel is asked by insmod. By rule 15
# it takes the patch, and refuses the driver. Before 5.18 some of its words are others, with the same errors.
. /test/lib.sh

# load NAME: what insmod says is in /tmp/said, what the kernel logs in /tmp/log
load() {
	dmesg -c >/dev/null
	insmod "/rules/$1.ko" >/tmp/said 2>&1
	dmesg >/tmp/log
}

taken() {
	load "$1"
	[ ! -s /tmp/said ]
	ok $? "$1 is taken"
	diag </tmp/said
	while [ "$(cat "/sys/kernel/livepatch/$1/transition" 2>/dev/null)" = 1 ]; do usleep 10000; done
}

# BusyBox has words of its own for some errors.
text_of() {
	case $1 in
	ENOEXEC) echo "invalid module format" ;;
	ENOENT) echo "unknown symbol in module, or unknown parameter" ;;
	EINVAL) echo "Invalid argument" ;;
	EEXIST) echo "File exists" ;;
	esac
}

# refused NAME ERRNO WORDS
refused() {
	load "$1"
	# There an init that returns EEXIST has EBUSY for user space (do_init_module() in kernel/module/main.c).
	case $2-$(uname -r) in EEXIST-7.*) sed -i 's/Device or resource busy/File exists/' /tmp/said ;; esac
	is "$(sed "s/.*: //" /tmp/said)" "$(text_of "$2")" "$1 is refused: $2"
	[ -n "$3" ] || return
	case $(uname -r) in 5.*) return ;; esac
	grep -qF -e "$3" /tmp/log
	ok $? "and the kernel logs: $3"
	grep -qF -e "$3" /tmp/log || diag </tmp/log
}

# off NAME: it is not in force, and gone
off() {
	echo 0 >"/sys/kernel/livepatch/$1/enabled"
	while [ -e "/sys/kernel/livepatch/$1" ]; do usleep 10000; done
}

while IFS='|' read -r name rule driver errno words; do
	case $rule in
	taken | unknown) taken "$name" ;;
	15)
		taken "$name"
		refused "$driver" "$errno" "$words"
		off "$name"
		;;
	*) refused "$name" "$errno" "$words" ;;
	esac
done </rules/list
done_testing
