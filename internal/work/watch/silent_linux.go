package watch

import "golang.org/x/sys/unix"

// silent reports whether a folder lies on a file system that others change without this computer being told
// (inotify(7), "Limitations and caveats"; the numbers are those of statfs(2)).
func silent(dir string) bool {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return false
	}
	switch uint32(s.Type) {
	case unix.NFS_SUPER_MAGIC, 0xff534d42, unix.SMB2_SUPER_MAGIC, unix.V9FS_MAGIC, unix.FUSE_SUPER_MAGIC, unix.AFS_FS_MAGIC, unix.CEPH_SUPER_MAGIC:
		return true // the second is CIFS
	}
	return false
}
