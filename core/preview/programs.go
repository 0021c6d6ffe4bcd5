package preview

import (
	"context"
	"io"
	"path"
	"strconv"
	"strings"

	"preau/core/content"
	"preau/core/photo"
	"preau/core/school"
)

// pdf makes what is shown of a PDF.
func (m *Maker) pdf(ctx context.Context, p *Preview, by school.ID, from *source, size int64) error {
	if size > maxPDF {
		return nothing("a PDF of %d bytes", size)
	}
	if !m.has(pdftoppm) {
		return nothing("%s is not run here", pdftoppm)
	}
	if err := turn(ctx, m.many); err != nil {
		return err
	}
	defer m.many.Release(1)
	w, err := m.newWork()
	if err != nil {
		return err
	}
	defer w.remove()
	if err := w.put("in.pdf", from, size, [2]int64{0, size}); err != nil {
		return err
	}
	return m.pages(ctx, p, by, w, "in.pdf")
}

// pages makes what is shown of a PDF of a work: the number of its pages, the first one, the words of
// the first fifty. Each may be missing.
func (m *Maker) pages(ctx context.Context, p *Preview, by school.ID, w *work, name string) error {
	if said, err := m.run(ctx, w, pdfinfo, func(at string) []string { return []string{path.Join(at, name)} }); err == nil {
		p.Pages = pagesOf(said)
	} else if ctx.Err() != nil {
		return err
	}
	if p.Words == "" {
		said, err := m.run(ctx, w, pdftotext, func(at string) []string {
			return []string{"-q", "-enc", "UTF-8", "-l", "50", path.Join(at, name), "-"}
		})
		if err == nil {
			p.Words = words(said)
		} else if ctx.Err() != nil {
			return err
		}
	}
	_, err := m.run(ctx, w, pdftoppm, func(at string) []string {
		return []string{"-q", "-f", "1", "-l", "1", "-singlefile", "-scale-to", strconv.Itoa(photo.WholeSide), "-png", path.Join(at, name), path.Join(at, "page")}
	})
	if err != nil {
		return err
	}
	return m.drawn(ctx, p, by, w, "page.png")
}

// pagesOf is the number of pages that pdfinfo says.
func pagesOf(said []byte) int {
	for line := range strings.Lines(string(said)) {
		if number, found := strings.CutPrefix(line, "Pages:"); found {
			n, err := strconv.Atoi(strings.TrimSpace(number))
			if err == nil && n > 0 && n < 1_000_000 {
				return n
			}
		}
	}
	return 0
}

// office makes what is shown of a document, through the PDF that LibreOffice makes of it.
func (m *Maker) office(ctx context.Context, p *Preview, by school.ID, from *source, size int64, is content.Look) error {
	if size > maxOffice {
		return nothing("a document of %d bytes", size)
	}
	if is.Ending == "" || !m.has(soffice) || !m.has(pdftoppm) {
		return nothing("%s is not run here", soffice)
	}
	if err := turn(ctx, m.one); err != nil {
		return err
	}
	defer m.one.Release(1)
	w, err := m.newWork()
	if err != nil {
		return err
	}
	defer w.remove()
	if err := w.put("in"+is.Ending, from, size, [2]int64{0, size}); err != nil {
		return err
	}
	_, err = m.run(ctx, w, soffice, func(at string) []string {
		profile := path.Join(at, home, "profile")
		return []string{"-env:UserInstallation=file://" + profile, "--headless", "--norestore", "--nologo", "--nolockcheck", "--nodefault",
			"--convert-to", "pdf", "--outdir", at, path.Join(at, "in"+is.Ending)}
	})
	if err != nil {
		return err
	}
	if f, err := w.open("in.pdf"); err != nil {
		return nothing("no PDF was made: %w", err)
	} else {
		f.Close()
	}
	return m.pages(ctx, p, by, w, "in.pdf")
}

// readers are what ffmpeg reads a film with, by its type: of a list of other files, which it knows
// too, it reads nothing.
var readers = map[string]string{
	"video/mp4":       "mov",
	"video/quicktime": "mov",
	"video/3gpp":      "mov",
	"video/webm":      "matroska",
	"video/matroska":  "matroska",
	"video/ogg":       "ogg",
	"video/x-msvideo": "avi",
	"video/mpeg":      "mpeg",
	"video/x-flv":     "flv",
	"video/x-ms-asf":  "asf",
}

// film makes the picture of an instant of a film, a second after its beginning or its beginning. What
// ffmpeg needs of it is at its ends: between them is a hole, that takes no room.
func (m *Maker) film(ctx context.Context, p *Preview, by school.ID, from *source, size int64, is content.Look) error {
	reader := readers[is.Type]
	if reader == "" || !m.has(ffmpeg) {
		return nothing("%s is not run here, of %s", ffmpeg, is.Type)
	}
	if err := turn(ctx, m.many); err != nil {
		return err
	}
	defer m.many.Release(1)
	w, err := m.newWork()
	if err != nil {
		return err
	}
	defer w.remove()
	parts := [][2]int64{{0, size}}
	if size > filmHead+filmTail {
		parts = [][2]int64{{0, filmHead}, {size - filmTail, size}}
	}
	if err := w.put("in", from, size, parts...); err != nil {
		return err
	}
	for _, after := range []string{"1", "0"} {
		_, err = m.run(ctx, w, ffmpeg, func(at string) []string {
			return []string{"-nostdin", "-v", "error", "-threads", "1", "-protocol_whitelist", "file", "-f", reader, "-ss", after, "-i", path.Join(at, "in"),
				"-map", "0:v:0", "-frames:v", "1", "-vf", "scale=w='min(1600,iw)':h='min(1600,ih)':force_original_aspect_ratio=decrease", "-f", "image2", "-c:v", "png", "-update", "1", "-y", path.Join(at, "instant.png")}
		})
		if err == nil {
			err = m.drawn(ctx, p, by, w, "instant.png")
		}
		if err == nil || ctx.Err() != nil {
			break
		}
	}
	return err
}

// readHead reads the beginning of a file.
func readHead(from io.ReaderAt, size, most int64) []byte {
	b := make([]byte, min(size, most))
	n, _ := from.ReadAt(b, 0)
	return b[:n]
}
