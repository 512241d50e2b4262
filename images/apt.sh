# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the scripts that fetch packages of another suite or architecture without installing them: $apt, the options of an apt
# that has a list of its own. The machine's configuration is left alone.

# Some machines have apt keep no cache of its lists, and each question would read them anew.
# own_list FOLDER: $apt reads the machine's own list; its cache is in FOLDER
own_list() { apt=(-o "Dir::Cache::pkgcache=$1/packages" -o APT::Sandbox::User=root); }

# private_list FOLDER SUITE ARCHITECTURE: $apt reads a list of this suite alone, so that it can take nothing from elsewhere. The
# list is fetched into FOLDER. A mirror may be weeks behind. "own" is the suite of this machine.
private_list() {
	local suite=$2 keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	# shellcheck source=/dev/null
	[[ $suite != own ]] || suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
	own_list "$1"
	apt+=(-o "Dir::Etc::sourcelist=$1/list" -o Dir::Etc::sourceparts=/nonexistent
		-o "Dir::State::lists=$1/lists" -o Dir::State::status=/dev/null -o Dir::Cache::srcpkgcache=
		-o Acquire::Languages=none -o Acquire::Check-Valid-Until=false -o Debug::NoLocking=1
		-o "APT::Architecture=$3" -o "APT::Architectures=$3")
	mkdir -p "$1/lists/partial"
	echo "deb [signed-by=$keyring] $("$here/mirror") $suite main" >"$1/list"
	apt-get -qq "${apt[@]}" update >&2
}

# dependency PACKAGE PATTERN: the first dependency of PACKAGE that matches
dependency() {
	apt-cache "${apt[@]}" depends "$1" |
		awk -v pattern="$2" '$1 ~ /Depends:/ && $2 ~ pattern && !n++ { print $2 }'
}
