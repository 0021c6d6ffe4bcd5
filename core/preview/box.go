package preview

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The programs.
const (
	pdfinfo   = "pdfinfo"
	pdftoppm  = "pdftoppm"
	pdftotext = "pdftotext"
	soffice   = "soffice"
	ffmpeg    = "ffmpeg"
)

// home is the folder of a work that a program takes for its own, and for /tmp; inside is where the
// work is, in a box.
const (
	home   = "home"
	inside = "/work"
)

// limits are what a program may take.
type limits struct {
	memory, file int64         // bytes: of addresses, of each file that it writes
	processor    int           // seconds
	clock        time.Duration // for all of it
}

var limitsOf = map[string]limits{
	"":      {2 << 30, 256 << 20, 40, time.Minute},
	soffice: {4 << 30, 256 << 20, 60, 3 * time.Minute},
}

// find is where a program is, as a path that has no link in it: a box has /usr, and no more.
func find(program string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return "", err
	}
	if !filepath.IsAbs(path) {
		return "", errors.New("a program that is not at an absolute path")
	}
	return path, nil
}

// findBox is what runs a program in a box (man 1 bwrap), or nil where none can be made: bubblewrap is
// not there, or the system does not let it. What is of the machine is there to read, file by file; of
// /etc, what tells which letters there are.
func (m *Maker) findBox(ctx context.Context) []string {
	bwrap, err := find("bwrap")
	if err != nil {
		return nil
	}
	box := []string{bwrap,
		"--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "box",
		"--clearenv", "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "HOME", "/tmp", "--setenv", "LANG", "C.UTF-8",
		"--ro-bind", "/usr", "/usr",
	}
	for _, folder := range []string{"/bin", "/sbin", "/lib", "/lib32", "/lib64"} {
		if to, err := os.Readlink(folder); err == nil {
			box = append(box, "--symlink", to, folder)
		} else {
			box = append(box, "--ro-bind-try", folder, folder)
		}
	}
	for _, shared := range []string{"/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/libreoffice", "/var/cache/fontconfig", "/var/lib/libreoffice"} {
		box = append(box, "--ro-bind-try", shared, shared)
	}
	if path := m.paths[soffice]; path != "" { // that of The Document Foundation is there
		if real, err := filepath.EvalSymlinks(path); err == nil && strings.HasPrefix(real, "/opt/") {
			folder := filepath.Dir(filepath.Dir(real))
			box = append(box, "--ro-bind", folder, folder)
		}
	}
	box = append(box, "--proc", "/proc", "--dev", "/dev")
	ctx, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	if exec.CommandContext(ctx, box[0], append(box[1:len(box):len(box)], "true")...).Run() != nil {
		return nil
	}
	return box
}

// run runs a program on a work, whose files it finds where at says, and gives the beginning of what it
// writes. That it fails, or takes too much, is that there is nothing to show.
func (m *Maker) run(ctx context.Context, w *work, program string, args func(at string) []string) ([]byte, error) {
	path := m.paths[program]
	if path == "" || !m.runs {
		return nil, nothing("%s is not run here", program)
	}
	may, own := m.largest[program]
	if !own {
		may = m.largest[""]
	}
	limited, stop := context.WithTimeout(ctx, may.clock)
	defer stop()
	line, at := []string{}, w.folder
	if prlimit, err := find("prlimit"); err == nil {
		line = append(line, prlimit, "--core=0", "--nofile=1024", "--cpu="+strconv.Itoa(may.processor),
			"--as="+strconv.FormatInt(may.memory, 10), "--fsize="+strconv.FormatInt(may.file, 10))
	}
	if nice, err := find("nice"); err == nil {
		line = append(line, nice, "-n", "10")
	}
	if m.Boxed() {
		at = inside
		line = append(line, m.box...)
		line = append(line, "--bind", w.folder, inside, "--bind", filepath.Join(w.folder, home), "/tmp", "--chdir", inside)
	}
	line = append(append(line, path), args(at)...)
	c := exec.CommandContext(limited, line[0], line[1:]...)
	c.Dir = w.folder
	c.Env = []string{"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=" + filepath.Join(w.folder, home), "TMPDIR=" + filepath.Join(w.folder, home)}
	// A program, and those that it starts, are a group of processes that is ended whole.
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	c.WaitDelay = 5 * time.Second
	said := &beginning{left: maxSaid}
	c.Stdout = said
	complaint := &beginning{left: 500}
	c.Stderr = complaint
	err := c.Run()
	switch late := limited.Err(); {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case late != nil:
		return nil, nothing("%s took more than %s", program, may.clock)
	case err != nil:
		return nil, nothing("%s: %w: %s", program, err, strings.ToValidUTF8(string(complaint.kept), ""))
	}
	return said.kept, nil
}

// maxSaid is how much of what a program writes is read.
const maxSaid = 4 * MaxWords

// beginning keeps the beginning of what is written.
type beginning struct {
	kept []byte
	left int
}

// Write implements io.Writer, and takes all.
func (b *beginning) Write(p []byte) (int, error) {
	n := min(len(p), b.left)
	b.kept, b.left = append(b.kept, p[:n]...), b.left-n
	return len(p), nil
}

// turn waits for one of some programs to end.
func turn(ctx context.Context, free interface {
	Acquire(context.Context, int64) error
}) error {
	if err := free.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("waiting to make a preview: %w", err)
	}
	return nil
}
