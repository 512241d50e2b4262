# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# In the root of a Debian: dnf, yum as a link to it, a database of rpm beside that of dpkg, and a repository of the packages
# in /packages. Then both of ours are installed from it. usage: sh furnish.sh RELEASE
set -e
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qqy install --no-install-recommends dnf createrepo-c >/packages/said || { cat /packages/said; exit 1; }
ln -s dnf /usr/bin/yum
mkdir -p /packages/repository /etc/rpm /etc/yum.repos.d
echo '%_dbpath /var/lib/rpm' >>/etc/rpm/macros
echo 12 >/etc/dnf/vars/releasever
mv /packages/*.rpm /packages/repository/
createrepo_c --quiet /packages/repository
printf '%s\n' '[packages]' name=packages baseurl=file:///packages/repository gpgcheck=0 >/etc/yum.repos.d/packages.repo
yum -y install by-dpkg
yum -y install kpatch-early "kpatch-patch-$1"
