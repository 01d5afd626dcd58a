# SPDX-License-Identifier: GPL-2.0-or-later
# modes: install
# Whether the firmware started from iSCSI, its table iBFT says; no modalias leads to the module that reads it. The installer
# warns: a host does not start from there.
. "${ROOT:-}/usr/lib/dolmen/init/lib"
modprobe -q iscsi_ibft || :
