package reception

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A checksum comes as sha256sum writes it, "<digest>  <file>": beside a file,
// in another of its name and ".sha256", which may hold the digest alone;
// within a folder, in SHA256SUMS, which lists each of its files.
const (
	checksumEnd  = ".sha256"
	checksumList = "SHA256SUMS"
	maxChecksum  = 4 << 20
)

var checksumLine = regexp.MustCompile(`^\\?([0-9A-Fa-f]{64})(?:[ \t]+\*?(.+))?$`)

// verify compares the checksums that came with those of what came. Where none
// came, that is wrong when one is demanded.
func (c *copying) verify(demanded bool) (Reason, string) {
	alone, isFile := c.sums[c.name]
	if isFile {
		if c.sum == nil {
			return missing(demanded)
		}
		said, err := readSums(c.sum)
		if err != nil {
			return WrongChecksum, err.Error()
		}
		for name, digest := range said {
			if (name == "" || path.Base(name) == c.name) && digest == alone {
				return "", ""
			}
		}
		return WrongChecksum, fmt.Sprintf("the SHA-256 of %s is %s", c.name, alone)
	}
	list := path.Join(c.name, checksumList)
	if c.sums[list] == "" {
		return missing(demanded)
	}
	said, err := readSums(c.sum)
	if err != nil {
		return WrongChecksum, err.Error()
	}
	for _, file := range slices.Sorted(maps.Keys(c.sums)) {
		if file == list {
			continue
		}
		name := strings.TrimPrefix(file, c.name+"/")
		if said[name] != c.sums[file] {
			return WrongChecksum, fmt.Sprintf("%s is not as %s says", name, checksumList)
		}
		delete(said, name)
	}
	for _, name := range slices.Sorted(maps.Keys(said)) {
		return WrongChecksum, fmt.Sprintf("%s is in %s and did not come", safeName(name), checksumList)
	}
	return "", ""
}

func missing(demanded bool) (Reason, string) {
	if demanded {
		return NoChecksum, ""
	}
	return "", ""
}

// readSums reads what sha256sum writes: digests in small letters, by file.
func readSums(text []byte) (map[string]string, error) {
	sums := map[string]string{}
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		line = strings.TrimRight(line, "\r\n \t")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		found := checksumLine.FindStringSubmatch(line)
		if found == nil {
			return nil, fmt.Errorf("the checksum is not a SHA-256 of 64 hexadecimal digits")
		}
		sums[strings.TrimPrefix(found[2], "./")] = strings.ToLower(found[1])
	}
	return sums, nil
}
