package feed

import "golang.org/x/sys/unix"

// peakRSS is the most memory that the process held, in bytes.
func peakRSS() int64 {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return usage.Maxrss * maxrssUnit
}
