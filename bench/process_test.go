package bench

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// cost is what a process took.
type cost struct {
	time time.Duration
	peak int64 // bytes of memory held at once
}

// spend runs a command to its end.
func spend(b *testing.B, name string, args ...string) cost {
	b.Helper()
	var said bytes.Buffer
	c := exec.Command(name, args...)
	c.Stdout, c.Stderr = &said, &said
	var peak int64
	took := timed(b, func() error {
		if err := c.Start(); err != nil {
			return err
		}
		watched := watchMemory(c.Process.Pid)
		err := c.Wait()
		peak = watched()
		if err != nil {
			return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, said.Bytes())
		}
		return nil
	})
	return cost{took, peak}
}

// watchMemory follows a process until the function that it gives is called,
// which tells the most memory that it held. What getrusage says of a child
// may be its parent's: Linux begins with the memory held before exec.
func watchMemory(pid int) func() int64 {
	stop, peak := make(chan struct{}), make(chan int64)
	go func() {
		var most int64
		for tick := time.Tick(20 * time.Millisecond); ; {
			select {
			case <-tick:
				most = max(most, highWater(pid))
			case <-stop:
				peak <- most
				return
			}
		}
	}()
	return func() int64 {
		close(stop)
		return <-peak
	}
}

// highWater is VmHWM of proc(5), in bytes; 0 where there is no /proc.
func highWater(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	kB, _ := strconv.ParseInt(fields[0], 10, 64)
	return kB << 10
}

// program builds preau.
func program(b *testing.B) string {
	b.Helper()
	preau := filepath.Join(b.TempDir(), "preau")
	if out, err := exec.Command("go", "build", "-o", preau, "preau").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return preau
}
