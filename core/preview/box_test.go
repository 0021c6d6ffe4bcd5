package preview

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"preau/core/content"
	"preau/core/photo"
)

func TestWithoutEnd(t *testing.T) {
	m := maker(t)
	for name, may := range map[string]limits{
		"by the clock":     {2 << 30, 1 << 20, 600, time.Second},
		"by the processor": {2 << 30, 1 << 20, 1, 5 * time.Minute},
	} {
		m.largest = map[string]limits{"": may}
		start := time.Now()
		p, err := of(t, m, laughing(), "a.pdf")
		if took := time.Since(start); err != nil || p.Pictured() || p.Why == "" || took > time.Minute {
			t.Errorf("%s: %q, %v, after %s", name, p.Why, err, took)
		}
	}
	m.largest = limitsOf
	for name, says := range map[string]string{
		"memory":          "a=x; while :; do a=$a$a$a$a; done",
		"a file":          "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done > /work/big",
		"a child":         "sleep 600 & sleep 600",
		"one that leaves": "setsid sleep 600 & sleep 600",
	} {
		m.largest = map[string]limits{"": {512 << 20, 1 << 20, 10, 1500 * time.Millisecond}}
		if _, err := m.shell(t, says); err == nil {
			t.Errorf("%s: it ends by itself", name)
		}
	}
	if left := processes(t, "sleep\x00600"); len(left) > 0 {
		t.Errorf("%v are left", left)
	}
	left, leave := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer leave()
	sent := laughing()
	if p, err := m.Make(left, somebody, bytes.NewReader(sent), int64(len(sent)), content.Look{Type: "application/pdf", Family: content.PDF}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("of who left: %+v, %v", p, err)
	}
}

func processes(t *testing.T, line string) (found []string) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		if text, err := os.ReadFile(one); err == nil && strings.HasPrefix(string(text), line) {
			found = append(found, one)
		}
	}
	return found
}

func (m *Maker) shell(t *testing.T, says string) (string, error) {
	t.Helper()
	w, err := m.newWork()
	if err != nil {
		t.Fatal(err)
	}
	defer w.remove()
	m.paths["bash"] = "/usr/bin/bash"
	said, err := m.run(t.Context(), w, "bash", func(string) []string { return []string{"-c", says} })
	return string(said), err
}

func listen(t *testing.T) (port int, came *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	came = &atomic.Int64{}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			came.Add(1)
			c.Close()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port, came
}

func TestTheBox(t *testing.T) {
	m := maker(t)
	port, came := listen(t)
	t.Setenv("PREAU_SECRET", "a secret of ours")
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("a secret of ours"), 0o644); err != nil {
		t.Fatal(err)
	}
	unboxed := New(t.Context(), Options{Studio: photo.NewStudio(1 << 30), Folder: t.TempDir(), Unboxed: true})
	unboxed.box = nil
	for name, c := range map[string]struct{ says, gets string }{
		"the network":    {fmt.Sprintf("echo a >/dev/tcp/127.0.0.1/%d && echo reached", port), "reached"},
		"files":          {"cat " + secret, "a secret of ours"},
		"secrets":        {"test -r /etc/passwd && echo read", "read"},
		"our processes":  {fmt.Sprintf("test -d /proc/%d && echo seen", os.Getpid()), "seen"},
		"a program file": {"echo a > /usr/local/preau-test && rm /usr/local/preau-test && echo written", "written"},
	} {
		if said, err := m.shell(t, c.says); strings.Contains(said, c.gets) {
			t.Errorf("%s is reached from the box: %q, %v", name, said, err)
		}
		if name == "a program file" && os.Getuid() != 0 {
			continue
		}
		if said, err := unboxed.shell(t, c.says); !strings.Contains(said, c.gets) {
			t.Errorf("%s is reached from nowhere: %q, %v", name, said, err)
		}
	}
	for _, either := range []*Maker{m, unboxed} {
		if said, err := either.shell(t, "env"); err != nil || strings.Contains(said, "PREAU_SECRET") || !strings.Contains(said, "HOME=") {
			t.Errorf("its variables are %q, %v", said, err)
		}
	}
	if came.Load() != 1 {
		t.Errorf("%d came", came.Load())
	}
}

func fetching(t *testing.T, from string) []byte {
	t.Helper()
	old := read(t, made+"a.odt")
	archive, err := zip.NewReader(bytes.NewReader(old), int64(len(old)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range archive.File {
		if f.Name != "content.xml" {
			if err := w.Copy(f); err != nil {
				t.Fatal(err)
			}
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		to, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		picture := `<text:p><draw:frame svg:width="5cm" svg:height="5cm" text:anchor-type="as-char"><draw:image xlink:href="` + from + `" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p></office:text>`
		if _, err := io.WriteString(to, strings.Replace(string(text), "</office:text>", picture, 1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestADocumentThatFetches(t *testing.T) {
	m := maker(t)
	port, came := listen(t)
	sent := fetching(t, fmt.Sprintf("http://127.0.0.1:%d/a.png", port))
	if p, err := of(t, m, sent, "a.odt"); err != nil || !p.Pictured() || !strings.Contains(p.Words, "Bonjour") {
		t.Errorf("%q, %v", p.Why, err)
	}
	if came.Load() != 0 {
		t.Errorf("%d came", came.Load())
	}
	if os.Getenv("PREAU_TEST_ALL") == "" {
		return
	}
	unboxed := New(t.Context(), Options{Studio: photo.NewStudio(1 << 30), Folder: t.TempDir(), Unboxed: true})
	unboxed.box = nil
	if p, err := of(t, unboxed, sent, "a.odt"); err != nil || !p.Pictured() || came.Load() == 0 {
		t.Errorf("out of the box: %q, %v, %d came", p.Why, err, came.Load())
	}
}

func TestWithoutABox(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	m := New(t.Context(), Options{Studio: photo.NewStudio(1 << 30), Folder: t.TempDir()})
	for _, f := range []content.Family{content.PDF, content.Document, content.Film} {
		if m.Makes(f) {
			t.Errorf("%s is opened", f)
		}
	}
	if told := fmt.Sprint(m.Told()); told != "[boxed false pdf false office false film false]" {
		t.Errorf("the log says %q", told)
	}
	m.paths = map[string]string{pdfinfo: "/usr/bin/pdfinfo", pdftoppm: "/usr/bin/pdftoppm", pdftotext: "/usr/bin/pdftotext", soffice: "/usr/bin/soffice", ffmpeg: "/usr/bin/ffmpeg"}
	for _, name := range []string{made + "a.pdf", made + "a.docx", "testdata/film.mp4"} {
		if p, err := of(t, m, read(t, name), name); err != nil || p.Pictured() || p.Pages > 0 || p.Why == "" {
			t.Errorf("%s: %q, %v", name, p.Why, err)
		}
	}
	if p, err := of(t, m, read(t, made+"a.docx"), "a.docx"); err != nil || !strings.Contains(p.Words, "Bonjour la classe") {
		t.Errorf("its words are %q, %v", p.Words, err)
	}
	if p, err := of(t, m, pictured(t), "a.png"); err != nil || !p.Pictured() {
		t.Errorf("a picture: %q, %v", p.Why, err)
	}
}
