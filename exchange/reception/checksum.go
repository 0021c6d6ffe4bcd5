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
			return BadChecksum, err.Error()
		}
		return c.compare(said, alone)
	}
	list := path.Join(c.name, checksumList)
	if c.sums[list] == "" {
		return missing(demanded)
	}
	said, err := readSums(c.sum)
	if err != nil {
		return BadChecksum, err.Error()
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

// compare compares the digest of a file with those that came beside it. Where
// they are all of other files, that is what is said.
func (c *copying) compare(said map[string]string, alone string) (Reason, string) {
	others := slices.Sorted(maps.Keys(said))
	ours := false
	for _, name := range others {
		if name == "" || path.Base(name) == c.name {
			if said[name] == alone {
				return "", ""
			}
			ours = true
		}
	}
	if ours {
		return WrongChecksum, fmt.Sprintf("the SHA-256 of %s is %s", c.name, alone)
	}
	digest := "another digest"
	if said[others[0]] == alone {
		digest = "the digest of this file"
	}
	return OtherChecksum, fmt.Sprintf("%s%s names %s, with %s", c.name, checksumEnd, safeName(path.Base(others[0])), digest)
}

func missing(demanded bool) (Reason, string) {
	if demanded {
		return NoChecksum, ""
	}
	return "", ""
}

// readSums reads what sha256sum writes: digests in small letters, by file; one
// at least.
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
	if len(sums) == 0 {
		return nil, fmt.Errorf("the checksum is empty")
	}
	return sums, nil
}
