# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the scripts that boot: the machine that all boots have in common, under software emulation.
# How its kernel is found is the caller's business. BOOT_MEMORY=, BOOT_CPUS=, BOOT_TIMEOUT= (seconds; by default so many
# that no busy host needs them). A guest that took long says so in BUILD/report/waited; KPE_TEST= is the test's name there.
# BOOT_DISK=FILE is a disk to be written, instead of the root image; BOOT_DISK=none is no disk at all.
# BOOT_SECOND_DISK=FILE is one more; BOOT_ARGUMENTS= are words for QEMU. BOOT_ROOT=FILE is another root image.
# BOOT_ARCHITECTURE=arm64 is another machine, which needs BOOT_QEMU=, and for EFI BOOT_FIRMWARE=FOLDER; by default amd64.
# BOOT_QEMU=PROGRAM is another QEMU, as from images/qemu-newer; BOOT_ACCEL= its -accel; BOOT_CPU= its -cpu.
# Without it there is neither a fifth level of page tables nor SMAP, which would cost a quarter to a third of the time, nor
# what has the kernel copy and clear memory byte by byte, and save large registers: a tenth, in a restored guest a fifth.

build=${BUILD:-build}
[[ $build == /* ]] || build=$(realpath "$build")

# Without XSAVE there must be nothing that needs it: programs look for AVX alone.
machine_cpu=max,la57=off,smap=off,erms=off,fsrm=off,xsave=off,avx=off,avx2=off,f16c=off,fma=off,vaes=off,vpclmulqdq=off

efi_name=X64 firmware_code=/usr/share/OVMF/OVMF_CODE_4M.fd firmware_variables=/usr/share/OVMF/OVMF_VARS_4M.fd
if [[ ${BOOT_ARCHITECTURE:-amd64} == arm64 ]]; then
	efi_name=AA64 firmware_code=${BOOT_FIRMWARE:-}/AAVMF_CODE.fd firmware_variables=${BOOT_FIRMWARE:-}/AAVMF_VARS.fd
	machine_cpu=max,pauth-impdef=on
fi

# set_firmware FILE: sets $firmware, QEMU's words for EFI whose variables are in FILE, which is made if it is missing
set_firmware() {
	[[ -e $1 ]] || cp "$firmware_variables" "$1"
	firmware=(-drive "if=pflash,format=raw,readonly=on,file=$firmware_code" -drive "if=pflash,format=raw,file=$1")
}

# set_ports LOG: sets $ports, the console and the second serial port. On arm64 they are of a card, since the machine has but one
# and the firmware takes it. There a device tree tells of the machine: without ACPI the kernel is smaller.
set_ports() {
	ports=(-serial "file:$1" -serial "file:$1.result")
	[[ ${BOOT_ARCHITECTURE:-amd64} != arm64 ]] || ports=(-machine "virt,acpi=off" -chardev "file,id=console,path=$1"
		-chardev "file,id=result,path=$1.result" -device "pci-serial-2x,chardev1=console,chardev2=result,addr=0x11")
}

# words NAME [WORD...]: the kernel command line that has the root image run its script NAME
words() {
	echo "console=ttyS0 root=/dev/vda rootfstype=ext4 ro panic=-1 quiet loglevel=7 rd.skipfsck" \
		"rd.shell=0 rd.emergency=poweroff kpe.run=$*"
}

# waited SECONDS NAME: notes for the report that a guest took so long, if that is more than a quiet host would need
waited() {
	[[ $1 -gt 120 ]] || return 0
	mkdir -p "$build/report"
	echo "${KPE_TEST:-} waited $1 s for $2" >>"$build/report/waited"
}

# result NAME LOG STATUS: prints what a guest wrote to its second serial port, the file LOG.result, after QEMU ended with STATUS
result() {
	[[ ! -f $2.result ]] || tr -d '\r' <"$2.result"
	[[ $3 -ne 0 ]] || return 0
	printf 'boot: %s: QEMU ended with status %s (124: not in time)\n' "$1" "$3" >&2
	tail -n 40 "$2" "$2.qemu" >&2
	return 1
}

# machine NAME LOG QEMU_ARGUMENT...: prints what the guest wrote to its second serial port. The
# console goes to LOG. A guest that does not end in time is a failure.
machine() {
	local name=$1 log=$2 status=0 drive more ports start=$SECONDS
	shift 2
	rm -f "$log.result"
	drive=(-drive "file=${BOOT_ROOT:-$build/root.img},readonly=on,format=raw,if=virtio")
	[[ -z ${BOOT_DISK:-} ]] || drive=(-drive "file=$BOOT_DISK,cache=unsafe,format=raw,if=virtio")
	[[ ${BOOT_DISK:-} != none ]] || drive=()
	[[ -z ${BOOT_SECOND_DISK:-} ]] || drive+=(-drive "file=$BOOT_SECOND_DISK,format=raw,if=virtio")
	set_ports "$log"
	read -ra more <<<"${BOOT_ARGUMENTS:-}"
	timeout -k 5 "${BOOT_TIMEOUT:-900}" "${BOOT_QEMU:-qemu-system-x86_64}" -nodefaults -no-reboot -display none \
		-accel "${BOOT_ACCEL:-tcg,thread=multi}" -cpu "${BOOT_CPU:-$machine_cpu}" -m "${BOOT_MEMORY:-512}" -smp "${BOOT_CPUS:-1}" \
		"${drive[@]}" "${more[@]}" "${ports[@]}" "$@" </dev/null >"$log.qemu" 2>&1 || status=$?
	waited $((SECONDS - start)) "$name"
	result "$name" "$log" "$status"
}
