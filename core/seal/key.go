package seal

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"

	"golang.org/x/crypto/chacha20poly1305"

	"preau/core/fail"
)

const keySize = 32

// Key is the master key. It does not print itself.
type Key struct{ root [keySize]byte }

// String keeps the key out of logs.
func (*Key) String() string { return "the master key" }

// GoString keeps the key out of logs.
func (*Key) GoString() string { return "the master key" }

// MAC gives the HMAC-SHA-256 of the parts, 32 bytes, for a purpose. Each part
// counts with its length: ("ab", "c") and ("a", "bc") differ. Compare two of
// them with hmac.Equal, or by a lookup of the whole value.
func (k *Key) MAC(purpose string, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, k.subkey("mac", purpose, "", keySize))
	var length [8]byte
	for _, part := range parts {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		mac.Write(length[:])
		mac.Write(part)
	}
	return mac.Sum(nil)
}

// Seal encrypts plain for a purpose (XChaCha20-Poly1305, whose long random
// nonces never meet). What bound holds, such as the row's identifier, is not
// in the result but must be given again to open it: a sealed value moved to
// another row does not open.
func (k *Key) Seal(purpose string, plain, bound []byte) []byte {
	nonce := random(chacha20poly1305.NonceSizeX)
	return k.cipher(purpose).Seal(nonce, nonce, plain, bound)
}

// Open decrypts what [Key.Seal] made for the same purpose, bound to the same
// bytes; anything else is fail.Invalid.
func (k *Key) Open(purpose string, sealed, bound []byte) ([]byte, error) {
	if len(sealed) < chacha20poly1305.NonceSizeX {
		return nil, fail.New(fail.Invalid, "a sealed value of %d bytes", len(sealed))
	}
	nonce, text := sealed[:chacha20poly1305.NonceSizeX], sealed[chacha20poly1305.NonceSizeX:]
	plain, err := k.cipher(purpose).Open(nil, nonce, text, bound)
	if err != nil {
		return nil, fail.New(fail.Invalid, "a value sealed for %q: %w", purpose, err)
	}
	return plain, nil
}

// Derive gives n bytes (8,160 at most) that are always the same for a
// purpose and a label, and that nobody without the key can tell from random
// ones.
func (k *Key) Derive(purpose, label string, n int) []byte {
	return k.subkey("derive", purpose, label, n)
}

func (k *Key) cipher(purpose string) cipher.AEAD {
	c, err := chacha20poly1305.NewX(k.subkey("seal", purpose, "", keySize))
	if err != nil {
		panic(err) // only for a key of another size
	}
	return c
}

// subkey is HKDF-SHA-256 of the master key. Purposes are constants of the
// program, without a zero byte; the label comes last, so that no two uses
// have the same info.
func (k *Key) subkey(use, purpose, label string, n int) []byte {
	key, err := hkdf.Key(sha256.New, k.root[:], nil, "preau "+use+"\x00"+purpose+"\x00"+label, n)
	if err != nil {
		panic(err) // only for more than 255 blocks of 32 bytes
	}
	return key
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails: it ends the program instead
	return b
}
