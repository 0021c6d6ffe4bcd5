package village

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// header starts every file. After the comments that the ministry's exports
// carry, one says which village the file describes: see [signed].
func header(o Options, day time.Time) string {
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">
<ficAlimMENESR>
<!-- versionAF="AAF-VE2003" -->
<!-- versionSDET="Annexe 1 version 6.3" -->
<!-- codeAcademieExport="%s" -->
<!-- degre="1D" -->
<!-- dateGenerationExport="%s" -->
`+signature+"\n", academyCode, date(day), o.Schools, o.Seed, o.Day, day.Format(time.DateOnly), o.Troubles, o.Headless)
}

// signature is the comment that holds the options of a delivery.
const signature = `<!-- village schools="%d" seed="%d" day="%d" date="%s" troubles="%t" headless="%t" -->`

// ErrUnsigned refuses to continue a delivery that the village did not write.
var ErrUnsigned = errors.New("no delivery of the village here")

// signed reads the options of the delivery that a folder holds.
func signed(dir string) (Options, error) {
	path, err := firstFile(dir)
	if err != nil {
		return Options{}, err
	}
	f, err := os.Open(path)
	if err != nil {
		return Options{}, fmt.Errorf("reading which village a delivery describes: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for range 12 {
		if !lines.Scan() {
			break
		}
		var o Options
		var day string
		line := strings.ReplaceAll(lines.Text(), `"`, " ")
		form := strings.ReplaceAll(signature, `"`, " ")
		if _, err := fmt.Sscanf(line, form, &o.Schools, &o.Seed, &o.Day, &day, &o.Troubles, &o.Headless); err != nil {
			continue
		}
		if o.Date, err = time.Parse(time.DateOnly, day); err != nil {
			return Options{}, fmt.Errorf("%w: %w", ErrUnsigned, err)
		}
		return o, nil
	}
	return Options{}, fmt.Errorf("%w: %s bears no signature", ErrUnsigned, path)
}

// firstFile finds the file of structures of the delivery in a folder.
func firstFile(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("reading which village a delivery describes: %w", err)
	}
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), "_"+string(structures)+"_0000.xml") {
			return filepath.Join(dir, entry.Name()), nil
		}
	}
	return "", fmt.Errorf("%w: %s", ErrUnsigned, dir)
}
