package blob

import (
	"fmt"
	"path/filepath"
	"strings"

	"preau/core/seal"
)

// bucketScheme begins the address of a bucket.
const bucketScheme = "s3://"

// IsPlace tells what may be the place of a store: the address of a bucket, or the whole path
// of a folder. It says nothing of what is there.
func IsPlace(at string) bool { return strings.HasPrefix(at, bucketScheme) || filepath.IsAbs(at) }

// Open opens the store at a place: a bucket by its address (see [OpenBucket]), a folder by its
// path (see [OpenFolder]). What is put in a bucket waits for its name in the folder spool. The
// caller closes it. An error says nothing that the address should not have held.
func Open(at string, key *seal.Key, spool string) (store Store, err error) {
	if !strings.HasPrefix(at, bucketScheme) {
		folder, err := OpenFolder(at, key)
		if err != nil {
			return nil, err
		}
		return folder, nil
	}
	bucket, err := OpenBucket(at, key, spool)
	if err != nil {
		return nil, fmt.Errorf("the place of blobs: %w", err)
	}
	return bucket, nil
}
