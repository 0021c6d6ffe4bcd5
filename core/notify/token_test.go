package notify

import (
	"bytes"
	"strings"
	"testing"
)

// What a token says is written in one way: no other last letter says the same, although the
// last one holds bits of no byte.
func TestATokenIsWrittenInOneWay(t *testing.T) {
	const alphabet = "abcdefghijklmnopqrstuvwxyz234567"
	for _, size := range []int{idSize, idSize + 4} {
		for seed := range byte(32) {
			raw := bytes.Repeat([]byte{seed * 8}, size+tokenMAC)
			token := letters.EncodeToString(raw)
			said, proof, err := parted(strings.ToUpper(token), size)
			if err != nil || !bytes.Equal(append(said, proof...), raw) {
				t.Fatalf("%q: %v", token, err)
			}
			for _, last := range alphabet {
				other := token[:len(token)-1] + string(last)
				if other == token {
					continue
				}
				if said, proof, err := parted(other, size); err == nil && bytes.Equal(append(said, proof...), raw) {
					t.Errorf("%q says what %q does", other, token)
				}
			}
		}
	}
}
