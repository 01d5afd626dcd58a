# SPDX-License-Identifier: GPL-2.0-or-later
# The ISO: takes finished files, decides nothing.

# Budget: the build fails above it.
ISO_MAX_MIB := 192

$(CONTENT)/dolmen/manifest: $(SQUASHFS) $(INITRAMFS) $(XEN)/BUILD-INFO $(INSTALLER)/dolmen-unify \
		iso/content rootfs/boot/xen.cfg Makefile
	$(Q)$(ENTER) iso/content $(VERSION) $(TREE) $(SQUASHFS) $(INITRAMFS) $(XEN) $(INSTALLER)/dolmen-unify $(CONTENT)

# Only this one is made: where another is named, it must be there.
$(DEFAULT_KEY):
	$(Q)iso/make-key $@

# As the user who has the key; the content belongs to root.
$(CONTENT)/dolmen/manifest.sig: $(CONTENT)/dolmen/manifest $(SIGNING_KEY)
	$(Q)openssl pkeyutl -sign -rawin -inkey $(SIGNING_KEY) -in $< -out $(BUILD)/noted/manifest.sig
	$(Q)$(SUDO) install -m 644 $(BUILD)/noted/manifest.sig $@

$(ISO): $(CONTENT)/dolmen/manifest.sig iso/build iso/note iso/menu iso/menu.list iso/isolinux.cfg iso/grub.cfg iso/local.cfg \
		iso/grub-modules
	$(Q)$(ENTER) iso/build $(CONTENT) $(TREE)/tree/usr/lib/dolmen/boot/shimx64.efi \
		/usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed $@
	@bytes=$$(stat -c %s $@); echo "iso: $@, $$((bytes / 1048576)) MiB (budget $(ISO_MAX_MIB))"; \
		[ $$bytes -le $$(($(ISO_MAX_MIB) * 1048576)) ] || { echo "iso: error: over budget"; exit 1; }

iso: $(ISO) ## build the ISO, build/dolmen.iso
.PHONY: iso
