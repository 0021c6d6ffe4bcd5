package onde

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"preau/core/school"
)

// Open takes in the files at some places: CSV files, folders of them (and
// their direct subfolders), zips. The error is a *[Refusal], or the disk's.
func Open(places ...string) ([]File, error) {
	var all basket
	for _, place := range places {
		info, err := os.Stat(place)
		if err != nil {
			return nil, &Refusal{Kind: NoFile, Reason: "there is no file and no folder " + place}
		}
		if !info.IsDir() {
			if err := all.addPath(place, info.Size()); err != nil {
				return nil, err
			}
			continue
		}
		for _, pattern := range []string{"*", "*/*"} {
			found, err := filepath.Glob(filepath.Join(escaped.Replace(place), pattern))
			if err != nil {
				return nil, err
			}
			for _, file := range found {
				info, err := os.Lstat(file)
				if err != nil || !info.Mode().IsRegular() || !wanted(file) {
					continue
				}
				if err := all.addPath(file, info.Size()); err != nil {
					return nil, err
				}
			}
		}
	}
	if len(all.files) == 0 {
		return nil, &Refusal{Kind: NoFile, Reason: "no CSV file is there"}
	}
	return all.files, nil
}

// escaped keeps the name of a folder from being a pattern.
var escaped = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`)

// Unpack takes in files that were sent: zips give what they hold, the others
// are themselves. The error is a *[Refusal].
func Unpack(files ...File) ([]File, error) {
	var all basket
	for _, f := range files {
		if err := all.add(f.Name, f.Content); err != nil {
			return nil, err
		}
	}
	if len(all.files) == 0 {
		return nil, &Refusal{Kind: NoFile, Reason: "no CSV file is there"}
	}
	return all.files, nil
}

func wanted(name string) bool {
	switch strings.ToLower(path.Ext(filepath.ToSlash(name))) {
	case ".csv", ".txt":
		return true
	}
	return false
}

// basket gathers files, and gives each a name of its own.
type basket struct {
	files []File
	bytes int
}

func (b *basket) addPath(place string, size int64) error {
	if size > MaxBytes {
		return tooLarge(filepath.Base(place))
	}
	content, err := os.ReadFile(place)
	if err != nil {
		return err
	}
	return b.add(filepath.Base(place), content)
}

func (b *basket) add(name string, content []byte) error {
	if bytes.HasPrefix(content, []byte("PK\x03\x04")) {
		return b.unzip(name, content)
	}
	return b.put(name, content)
}

func (b *basket) put(name string, content []byte) error {
	b.bytes += len(content)
	if len(content) > MaxFileBytes || b.bytes > MaxBytes || len(b.files) == MaxFiles {
		return tooLarge(name)
	}
	b.files = append(b.files, File{b.unique(name), content})
	return nil
}

// unique tells files of one name apart: they all have it. A browser may send
// any name.
func (b *basket) unique(name string) string {
	if name = short(school.Clean(path.Base(filepath.ToSlash(name)))); name == "." || name == "" {
		name = "CSVExtraction.csv"
	}
	for n := 1; ; n++ {
		mine := name
		if n > 1 {
			mine = fmt.Sprintf("%s (%d)", name, n)
		}
		taken := false
		for _, f := range b.files {
			taken = taken || f.Name == mine
		}
		if !taken {
			return mine
		}
	}
}

// unzip takes in the CSV files of an archive, within bounds.
func (b *basket) unzip(name string, content []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return &Refusal{Kind: Damaged, File: name, Reason: "the archive is damaged"}
	}
	for _, entry := range archive.File {
		if !entry.Mode().IsRegular() || !wanted(entry.Name) {
			continue
		}
		r, err := entry.Open()
		if err != nil {
			return &Refusal{Kind: Damaged, File: name, Reason: "the archive is damaged"}
		}
		text, err := io.ReadAll(io.LimitReader(r, MaxFileBytes+1))
		r.Close()
		if err != nil {
			return &Refusal{Kind: Damaged, File: name, Reason: "the archive is damaged"}
		}
		if err := b.put(path.Base(entry.Name), text); err != nil {
			return err
		}
	}
	return nil
}

func tooLarge(name string) error {
	return &Refusal{Kind: TooLarge, File: name, Reason: "it is larger, or holds more, than any extraction"}
}
