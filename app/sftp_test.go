//go:build !race

package app

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"preau/exchange/reception"
	"preau/test/village"
)

// The machine's own users stand for an account and for whoever runs preau: the
// test makes none.
const (
	sftpUser  = "games"
	preauUser = "daemon"
)

// gate is OpenSSH serving the folder of an inbox as `preau reception sshd`
// says.
type gate struct {
	t           *testing.T
	base, inbox string
	port        string
	key         string
	program     string
}

// needsGate skips the test where it cannot be run, and fails there when it
// must.
func needsGate(t *testing.T) {
	t.Helper()
	why := ""
	for _, program := range []string{"/usr/sbin/sshd", "sftp", "ssh", "ssh-keygen"} {
		if _, err := exec.LookPath(program); err != nil {
			why = "no " + program + " on this machine"
		}
	}
	if os.Getuid() != 0 {
		why = "only root may chroot"
	}
	if why == "" {
		return
	}
	if os.Getenv("PREAU_TEST_ALL") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// credential runs a command as who runs preau.
func credential(c *exec.Cmd) {
	if c.SysProcAttr == nil {
		c.SysProcAttr = &syscall.SysProcAttr{}
	}
	c.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(idOf(preauUser, "-u")), Gid: uint32(idOf(preauUser, "-g"))}
	c.Dir = "/"
}

func idOf(user, which string) int {
	out, err := exec.Command("id", which, user).Output()
	id, wrong := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil || wrong != nil {
		panic("the machine has no user " + user)
	}
	return id
}

// openGate makes the folders as the comments of `preau reception sshd` say, and
// starts sshd with the lines that it writes.
func openGate(t *testing.T) *gate {
	t.Helper()
	needsGate(t)
	// Every folder above a chroot is root's: a temporary one is not.
	base, err := os.MkdirTemp("/var/lib", "preau-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(base) })
	g := &gate{t: t, base: base, inbox: filepath.Join(base, "inbox"), program: filepath.Join(base, "preau"), key: filepath.Join(base, "client")}
	g.folder(base, 0, 0, 0o755)
	g.folder(filepath.Join(base, "keys"), 0, 0, 0o755)
	g.folder(filepath.Join(base, "data"), idOf(preauUser, "-u"), idOf(preauUser, "-g"), 0o700)
	g.folder(g.inbox, 0, 0, 0o755)
	for _, account := range []string{sftpUser, "other"} {
		owner := idOf(sftpUser, "-u")
		if account == "other" {
			owner = 0
		}
		at := filepath.Join(g.inbox, account)
		g.folder(at, 0, 0, 0o755)
		g.folder(filepath.Join(at, "in"), owner, idOf(preauUser, "-g"), 0o770|os.ModeSetgid)
		g.folder(filepath.Join(at, "out"), idOf(preauUser, "-u"), idOf(sftpUser, "-g"), 0o750|os.ModeSetgid)
	}
	g.copy(os.Args[0], g.program, 0o755)
	for _, key := range []string{g.key, filepath.Join(base, "stranger"), filepath.Join(base, "host")} {
		g.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
	}
	g.copy(g.key+".pub", filepath.Join(base, "keys", sftpUser), 0o644)

	// An académie that is not of the nomenclature has delivered before it has an account.
	before := filepath.Join(base, "before")
	if _, err := village.Write(before, village.Options{Schools: 2, Seed: 5, Date: time.Date(2026, 10, 4, 0, 0, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	g.run("chmod", "-R", "a+rX", before)
	g.preau("feed", before)
	g.preau("reception", "open", "--academy", "096", "--account", sftpUser)
	g.serve(g.preau("reception", "sshd", "--inbox", g.inbox, "--user", preauUser))
	return g
}

// serve starts sshd with the lines that the command wrote, for one user
// instead of a group and keys of the test's.
func (g *gate) serve(lines string) {
	g.t.Helper()
	said := regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(lines, "")
	for from, to := range map[string]string{"Match Group preau-sftp": "Match User " + sftpUser, "/etc/ssh/preau-keys/%u": filepath.Join(g.base, "keys/%u")} {
		if !strings.Contains(said, from) {
			g.t.Fatalf("no %q in\n%s", from, lines)
		}
		said = strings.ReplaceAll(said, from, to)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		g.t.Fatal(err)
	}
	address := free.Addr().String()
	_, g.port, _ = net.SplitHostPort(address)
	free.Close()
	config := filepath.Join(g.base, "sshd_config")
	text := fmt.Sprintf("ListenAddress %s\nHostKey %s/host\nPidFile none\nPasswordAuthentication yes\nSubsystem sftp /usr/lib/openssh/sftp-server\n%s", address, g.base, said)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		g.t.Fatal(err)
	}
	if err := os.MkdirAll("/run/sshd", 0o755); err != nil { // where sshd gives its rights up
		g.t.Fatal(err)
	}
	daemon := exec.Command("/usr/sbin/sshd", "-D", "-e", "-f", config)
	var log strings.Builder
	daemon.Stderr = &log
	if err := daemon.Start(); err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() {
		_ = daemon.Process.Kill()
		_ = daemon.Wait()
		if g.t.Failed() {
			g.t.Log(log.String())
		}
	})
	until(g.t, "sshd", func() bool {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}

func (g *gate) folder(path string, uid, gid int, mode os.FileMode) {
	g.t.Helper()
	if err := errors.Join(os.MkdirAll(path, 0o700), os.Chown(path, uid, gid), os.Chmod(path, mode)); err != nil {
		g.t.Fatal(err)
	}
}

func (g *gate) copy(from, to string, mode os.FileMode) {
	g.t.Helper()
	source, err := os.Open(from)
	if err != nil {
		g.t.Fatal(err)
	}
	defer source.Close()
	file, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, mode)
	if err != nil {
		g.t.Fatal(err)
	}
	_, err = io.Copy(file, source)
	if err := errors.Join(err, file.Chmod(mode), file.Close()); err != nil {
		g.t.Fatal(err)
	}
}

func (g *gate) run(program string, args ...string) {
	g.t.Helper()
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		g.t.Fatalf("%s: %v\n%s", program, err, out)
	}
}

// preau runs a command as who runs preau.
func (g *gate) preau(args ...string) string {
	g.t.Helper()
	c := exec.Command(g.program, append(args, "--data", filepath.Join(g.base, "data"))...)
	credential(c)
	c.Env = append(os.Environ(), asCommand+"=1")
	out, err := c.Output()
	if err != nil {
		g.t.Fatalf("preau %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// options are those of ssh and sftp.
func (g *gate) options(key string, more ...string) []string {
	return append([]string{
		"-F", "none", "-i", key, "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
		"-o", "ConnectTimeout=20", "-o", "LogLevel=ERROR", "-o", "Port=" + g.port,
	}, more...)
}

// sftp runs commands over SFTP, and gives what was said.
func (g *gate) sftp(key, commands string, more ...string) (string, error) {
	c := exec.Command("sftp", append(g.options(key, append(more, "-b", "-")...), sftpUser+"@127.0.0.1")...)
	c.Dir = g.base
	c.Stdin = strings.NewReader(commands)
	out, err := c.CombinedOutput()
	return string(out), err
}

func (g *gate) wants(commands string) string {
	g.t.Helper()
	out, err := g.sftp(g.key, commands)
	if err != nil {
		g.t.Fatalf("%s: %v\n%s", commands, err, out)
	}
	return out
}

// TestDeliveriesBySFTP delivers through a real sshd: the key opens, and
// nothing else does; an account sees its folder, and nothing else.
func TestDeliveriesBySFTP(t *testing.T) {
	g := openGate(t)
	secret := filepath.Join(g.inbox, "other", "in", "secret")
	if err := os.WriteFile(secret, []byte("of another account"), 0o644); err != nil {
		t.Fatal(err)
	}

	if out := g.wants("cd ../../..\npwd\nls -1\n"); !strings.Contains(out, "directory: /\n") || !strings.Contains(out, "in\nout\n") || strings.Contains(out, "other") {
		t.Errorf("out of the folder: %s", out)
	}

	// Nothing else opens, and nothing else is within reach.
	for what, refused := range map[string]func() (string, error){
		"another key":  func() (string, error) { return g.sftp(filepath.Join(g.base, "stranger"), "ls\n") },
		"a password":   func() (string, error) { return g.sftp(g.key, "ls\n", "-o", "PubkeyAuthentication=no") },
		"no authority": func() (string, error) { return g.sftp(g.key, "ls\n", "-o", "PreferredAuthentications=none") },
	} {
		if out, err := refused(); err == nil || !strings.Contains(out, "Permission denied (publickey)") {
			t.Errorf("%s: %v\n%s", what, err, out)
		}
	}
	shell := exec.Command("ssh", append(g.options(g.key), sftpUser+"@127.0.0.1", "id")...)
	if out, err := shell.CombinedOutput(); err == nil || strings.Contains(string(out), "uid=") {
		t.Errorf("a shell: %v\n%s", err, out)
	}
	tunnel := exec.Command("ssh", append(g.options(g.key, "-o", "ExitOnForwardFailure=yes"), "-N", "-R", "0:127.0.0.1:"+g.port, sftpUser+"@127.0.0.1")...)
	if out, err := tunnel.CombinedOutput(); err == nil || !strings.Contains(string(out), "forwarding failed") {
		t.Errorf("a tunnel: %v\n%s", err, out)
	}
	for _, commands := range []string{
		"ls /etc\n", "ls ../../other\n", "get ../other/in/secret stolen\n", "get " + secret + " stolen\n",
		"put client.pub /client.pub\n", "put client.pub /out/client.pub\n", "rm /out\n", "mkdir /more\n",
	} {
		out, err := g.sftp(g.key, commands)
		if err == nil || !strings.Contains(out, "not found") && !strings.Contains(out, "Permission denied") && !strings.Contains(out, "Failure") {
			t.Errorf("%q: %v\n%s", commands, err, out)
		}
	}

	// A delivery, as a rectorat makes it.
	dir := filepath.Join(g.base, "village")
	if _, err := village.Write(dir, village.Options{Schools: 2, Seed: 5, Date: time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	g.run("tar", "-czf", filepath.Join(g.base, "ENT1D.tgz"), "-C", dir, ".")
	text, err := os.ReadFile(filepath.Join(g.base, "ENT1D.tgz"))
	if err != nil {
		t.Fatal(err)
	}
	sum := fmt.Sprintf("%x  ENT1D.tgz\n", sha256.Sum256(text))
	if err := os.WriteFile(filepath.Join(g.base, "ENT1D.tgz.sha256"), []byte(sum), 0o644); err != nil {
		t.Fatal(err)
	}
	g.copy(filepath.Join(g.base, "ENT1D.tgz"), filepath.Join(g.base, "closed.tgz"), 0o600) // SFTP keeps these rights
	g.folder(filepath.Join(g.base, "folder"), 0, 0, 0o755)
	g.copy(filepath.Join(g.base, "ENT1D.tgz"), filepath.Join(g.base, "folder", "within.xml"), 0o644)
	g.copy(filepath.Join(g.base, "ENT1D.tgz.sha256"), filepath.Join(g.base, "folder", "SHA256SUMS"), 0o644)
	s := serveInbox(t, g.program, g.inbox, filepath.Join(g.base, "data"), filepath.Join(g.base, "data", "preau.db"), credential)
	defer func() {
		s.stop()
		if t.Failed() {
			t.Log(s.said.String())
		}
	}()
	g.wants("put ENT1D.tgz.sha256 /in/ENT1D.tgz.sha256\nput ENT1D.tgz /in/ENT1D.tgz.part\nrename /in/ENT1D.tgz.part /in/ENT1D.tgz\n" +
		"ln -s /etc/passwd /in/link.tgz\nput closed.tgz /in/closed.tgz\nput ENT1D.tgz.sha256 /in/closed.tgz.sha256\nput -r folder /in/folder.part\nrename /in/folder.part /in/folder\n")

	// Its answer is read the same way.
	for name, want := range map[string]string{"ENT1D.tgz": "applied ", "link.tgz": "quarantined irregular", "closed.tgz": "quarantined unreadable", "folder": "quarantined unreadable"} {
		var ack reception.Acknowledgement
		until(t, "the acknowledgement of "+name, func() bool {
			if out, err := g.sftp(g.key, "get /out/"+name+".ack.json ack.json\n"); err != nil {
				if !strings.Contains(out, "not found") {
					t.Fatalf("%v\n%s", err, out)
				}
				return false
			}
			read, err := os.ReadFile(filepath.Join(g.base, "ack.json"))
			return err == nil && json.Unmarshal(read, &ack) == nil
		})
		if got := string(ack.State) + " " + string(ack.Reason); got != want {
			t.Errorf("%s is %s: %s %s", name, got, ack.Text, ack.Detail)
		}
	}
	g.wants("get /out/ENT1D.tgz.report.csv report.csv\nget /out/ENT1D.tgz.report.json report.json\n")
	if out := g.wants("ls -1a /in\n"); strings.Contains(out, "tgz") {
		t.Errorf("left in the folder: %s", out)
	}
}
