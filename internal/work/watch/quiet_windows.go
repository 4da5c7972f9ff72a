package watch

import "golang.org/x/sys/windows"

// stepBack begins the background mode: the lowest priority for processors, disks and memory.
func stepBack() error {
	return windows.SetPriorityClass(windows.CurrentProcess(), windows.PROCESS_MODE_BACKGROUND_BEGIN)
}
