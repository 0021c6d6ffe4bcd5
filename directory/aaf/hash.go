package aaf

// The digest of a record must be the same for ever, as it is stored beside
// what the record said. A value is digested by FNV-1a, seeded with the name
// of its attribute; the values of a record are then added up, so that neither
// their order nor that of attributes counts. An empty value adds nothing: a
// full modification digests like the addition that says the same.

const (
	digestStart = 0xcbf29ce484222325 // the offset basis of FNV-1a, 64 bits
	digestPrime = 0x100000001b3
)

// digest goes on with a FNV-1a digest.
func digest(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * digestPrime
	}
	return h
}

// mix spreads the bits of a digest before it is added to others: the
// finalizer of MurmurHash3.
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
