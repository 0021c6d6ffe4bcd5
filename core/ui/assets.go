package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
)

// AssetPrefix is where [Assets] is mounted.
const AssetPrefix = "/_/"

//go:embed assets/app.css assets/app.js assets/keep.js assets/rich.js assets/sends.js assets/sw.js brand fonts/*.woff2 credits.txt
var files embed.FS

// Assets serves everything that pages load. The name of a file carries the
// hash of its content, so that a browser asks for it once and never again.
func Assets() http.Handler {
	s := shelf()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := s.byPath[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		a.serve(w, r)
	})
}

// WorkerPath is where [Worker] is mounted: what is under its folder is what it reaches.
const WorkerPath = "/sw.js"

// Worker serves the service worker, which browsers ask for again by its one name.
func Worker() http.Handler {
	content, err := files.ReadFile("assets/sw.js")
	if err != nil {
		panic(err) // it is embedded
	}
	return named(contentTypes[".js"], content)
}

// named serves a file that browsers ask for again by its one name.
func named(contentType string, content []byte) http.Handler {
	sum := sha256.Sum256(content)
	etag := `"` + hex.EncodeToString(sum[:6]) + `"`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", etag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	})
}

// URL gives the address of an asset: a name without folder ("app.css",
// "logo.svg") or a pictogram ("pictograms/cat.svg"). A name that does not
// exist is a fault of the program and panics.
func URL(name string) string {
	a, ok := shelf().byName[name]
	if !ok {
		panic("ui: no asset named " + name)
	}
	return a.url
}

// stock is every asset, made once.
type stock struct {
	byName, byPath map[string]*asset
}

// shelf makes the stock when it is first needed. What it reads is embedded:
// it fails only when the program was built wrong.
var shelf = sync.OnceValue(func() *stock {
	s := &stock{byName: map[string]*asset{}, byPath: map[string]*asset{}}
	if err := s.fill(); err != nil {
		panic(err)
	}
	return s
})

func (s *stock) fill() error {
	if err := s.addFolder(pictograms, "pictograms", func(file string) string { return file }); err != nil {
		return err
	}
	for _, folder := range []string{"fonts", "brand"} {
		if err := s.addFolder(files, folder, path.Base); err != nil {
			return err
		}
	}
	svg, err := sprite()
	if err != nil {
		return err
	}
	s.add(spriteName, svg)
	css, err := files.ReadFile("assets/app.css")
	if err != nil {
		return err
	}
	s.add("app.css", s.linkFonts(css))
	for _, file := range []string{"assets/app.js", "assets/keep.js", "assets/rich.js", "assets/sends.js", "credits.txt"} {
		content, err := files.ReadFile(file)
		if err != nil {
			return err
		}
		s.add(path.Base(file), content)
	}
	return nil
}

func (s *stock) addFolder(from fs.FS, folder string, name func(file string) string) error {
	found, err := fs.ReadDir(from, folder)
	if err != nil {
		return err
	}
	for _, entry := range found {
		file := path.Join(folder, entry.Name())
		content, err := fs.ReadFile(from, file)
		if err != nil {
			return err
		}
		s.add(name(file), content)
	}
	return nil
}

// linkFonts gives the stylesheet the hashed names of the fonts.
func (s *stock) linkFonts(css []byte) []byte {
	for name, a := range s.byName {
		if strings.HasSuffix(name, ".woff2") {
			css = bytes.ReplaceAll(css, []byte("../fonts/"+name), []byte(path.Base(a.url)))
		}
	}
	return css
}

// The background of a page, as the stylesheet has it; browsers colour their
// own bars with it.
const (
	paper     = "#faf6ef"
	paperDark = "#1b1816"
)

var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".png":   "image/png",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

func (s *stock) add(name string, content []byte) {
	ext := path.Ext(name)
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:6])
	a := &asset{
		url:         AssetPrefix + strings.TrimSuffix(name, ext) + "." + hash + ext,
		etag:        `"` + hash + `"`,
		contentType: contentTypes[ext],
		plain:       content,
	}
	if a.contentType == "" {
		panic(fmt.Sprintf("ui: %s has no content type", name))
	}
	a.compressed = sync.OnceValue(func() encodings { return compress(ext, content) })
	s.byName[name], s.byPath[a.url] = a, a
}

// asset is one file, compressed the first time that it is asked for.
type asset struct {
	url, etag, contentType string
	plain                  []byte
	compressed             func() encodings
}

// encodings holds a file as browsers accept it; nil where it gains nothing.
type encodings struct{ gzip, brotli []byte }

func compress(ext string, content []byte) encodings {
	if ext == ".png" || ext == ".woff2" {
		return encodings{}
	}
	var zipped, packed bytes.Buffer
	// Neither writer can fail: a buffer takes everything and the level exists.
	z, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	z.Write(content)
	z.Close()
	b := brotli.NewWriterLevel(&packed, brotli.BestCompression)
	b.Write(content)
	b.Close()
	return encodings{gzip: zipped.Bytes(), brotli: packed.Bytes()}
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", a.contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", a.etag)
	if match := r.Header.Get("If-None-Match"); match == "*" || strings.Contains(match, a.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body, accepted := a.plain, r.Header.Get("Accept-Encoding")
	switch packed := a.compressed(); {
	case packed.brotli != nil && accepts(accepted, "br"):
		body = packed.brotli
		h.Set("Content-Encoding", "br")
	case packed.gzip != nil && accepts(accepted, "gzip"):
		body = packed.gzip
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		w.Write(body) // a browser that has gone is no fault of ours
	}
}

// accepts tells whether an Accept-Encoding header (RFC 9110, 12.5.3) takes a
// coding: it names it and does not weigh it zero.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) != coding {
			continue
		}
		q, weighed := strings.CutPrefix(strings.TrimSpace(weight), "q=")
		value, err := strconv.ParseFloat(q, 64)
		return !weighed || err != nil || value > 0
	}
	return false
}
