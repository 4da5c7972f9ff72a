package watch

import (
	"errors"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// Of ioprio_set(2).
const (
	ioprioWhoProcess = 1
	ioprioIdle       = 3 << 13
)

// stepBack gives the program the lowest priority for processors and disks. On Linux both belong to a thread, and a new one has
// them of the thread that makes it.
func stepBack() error {
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	for _, t := range tasks {
		thread, err := strconv.Atoi(t.Name())
		if err != nil {
			return err
		}
		err = unix.Setpriority(unix.PRIO_PROCESS, thread, 19)
		if _, _, no := unix.Syscall(unix.SYS_IOPRIO_SET, ioprioWhoProcess, uintptr(thread), ioprioIdle); no != 0 && err == nil {
			err = no
		}
		if err != nil && !errors.Is(err, unix.ESRCH) { // the thread ended
			return err
		}
	}
	return nil
}
