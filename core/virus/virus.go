package virus

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"path"
	"strings"
	"time"
	"unicode"

	"golang.org/x/sync/semaphore"

	"preau/core/fail"
)

// Verdict is what is known of something that was looked at. It may be stored.
type Verdict string

// The verdicts.
const (
	Clean    Verdict = "clean"     // nothing known was found
	Infected Verdict = "infected"  // something known was found
	TooLarge Verdict = "too-large" // it was not looked at whole, nor will be: clamd takes no more
)

// Result is a verdict, and what was found.
type Result struct {
	Verdict Verdict
	Name    string // of what was found, as clamd calls it: "Win.Test.EICAR_HDB-1"
}

// How it is spoken with clamd.
const (
	chunk    = 64 << 10
	dialing  = 5 * time.Second
	patience = 30 * time.Second // for some bytes to be taken
	thinking = 5 * time.Minute  // for the answer: MaxScanTime of clamd.conf is two
	atOnce   = 4                // of the ten threads that clamd has (MaxThreads)
	longest  = 4 << 10          // of an answer, in bytes
)

// Scanner asks one clamd.
type Scanner struct {
	network, address string
	free             *semaphore.Weighted
}

// Open gives the scanner of a clamd that listens at unix:/path/to/its.socket or at
// tcp:host:port. It does not reach for it yet: clamd may start after us, and stop meanwhile.
// What is no such address is fail.Invalid.
func Open(address string) (*Scanner, error) {
	network, where, _ := strings.Cut(address, ":")
	s := &Scanner{network: network, address: where, free: semaphore.NewWeighted(atOnce)}
	switch network {
	case "unix":
		if path.IsAbs(where) {
			return s, nil
		}
	case "tcp":
		if host, port, err := net.SplitHostPort(where); err == nil && host != "" && port != "" {
			return s, nil
		}
	}
	return nil, fail.New(fail.Invalid, "the address of clamd is unix:/path or tcp:host:port, not %.80q", address)
}

// Ping tells whether clamd answers: fail.Unavailable, where it does not.
func (s *Scanner) Ping(ctx context.Context) error {
	answer, err := s.talk(ctx, "zPING\x00", nil)
	if err == nil && answer != "PONG" {
		err = unreachable(fmt.Errorf("it answers %.80q", answer))
	}
	return err
}

// Scan has clamd look at all that r gives. A clamd that is not reached, is too busy or
// leaves in the middle is fail.Unavailable: to be tried again later. An error of r, or of a
// context that ends, is wrapped.
func (s *Scanner) Scan(ctx context.Context, r io.Reader) (Result, error) {
	if err := s.free.Acquire(ctx, 1); err != nil {
		return Result{}, fmt.Errorf("waiting to look for viruses: %w", err)
	}
	defer s.free.Release(1)
	answer, err := s.talk(ctx, "zINSTREAM\x00", r)
	if err != nil {
		return Result{}, err
	}
	return verdict(answer)
}

// verdict reads the answer to INSTREAM: "stream: OK", "stream: NAME FOUND", or an error.
// Under AlertExceedsMax, what clamd did not look at whole is said to be something found.
func verdict(answer string) (Result, error) {
	if strings.HasPrefix(answer, "INSTREAM size limit exceeded") {
		return Result{Verdict: TooLarge}, nil
	}
	said, ours := strings.CutPrefix(answer, "stream: ")
	if name, found := strings.CutSuffix(said, " FOUND"); ours && found {
		if strings.HasPrefix(name, "Heuristics.Limits.Exceeded") {
			return Result{Verdict: TooLarge}, nil
		}
		return Result{Infected, printable(name)}, nil
	}
	if ours && said == "OK" {
		return Result{Verdict: Clean}, nil
	}
	if strings.HasPrefix(answer, "COMMAND READ TIMED OUT") || strings.HasPrefix(answer, "UNKNOWN COMMAND") {
		return Result{}, unreachable(fmt.Errorf("it answers %.80q", answer))
	}
	return Result{}, fail.New(fail.Fault, "looking for viruses: clamd answers %.200q", answer)
}

// printable is a name without what a page or a log would not show.
func printable(name string) string {
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	return name[:min(len(name), 200)]
}

// talk says one command, with what is to be looked at after it, and gives the answer without the
// zero that ends it.
func (s *Scanner) talk(ctx context.Context, command string, r io.Reader) (string, error) {
	conn, err := (&net.Dialer{Timeout: dialing}).DialContext(ctx, s.network, s.address)
	if err != nil {
		return "", over(ctx, unreachable(err))
	}
	defer conn.Close()
	line := &line{conn: conn}
	defer context.AfterFunc(ctx, line.cut)()
	line.wait(patience)
	_, err = io.WriteString(conn, command)
	var ours *readError
	if err == nil && r != nil {
		err = stream(line, r)
	}
	if errors.As(err, &ours) {
		return "", over(ctx, fmt.Errorf("reading what is looked at: %w", ours.error))
	}
	// One that refuses more says why, then hangs up: its answer is there, though writing failed.
	line.wait(thinking)
	answer, silent := io.ReadAll(io.LimitReader(conn, longest))
	if text, _, whole := bytes.Cut(answer, []byte{0}); whole {
		return string(text), nil
	}
	if silent == nil {
		silent = io.ErrUnexpectedEOF
	}
	return "", over(ctx, unreachable(errors.Join(err, silent)))
}

// stream sends all that r gives, in chunks each of which begins with its length, and then an empty
// one (man 8 clamd, INSTREAM).
func stream(to *line, r io.Reader) error {
	buffer := make([]byte, 4+chunk)
	for {
		n, err := r.Read(buffer[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(buffer, uint32(n))
			to.wait(patience)
			if _, err := to.conn.Write(buffer[:4+n]); err != nil {
				return err
			}
		}
		switch {
		case err == io.EOF: // and nothing that wraps one: what is cut is not whole
			_, err := to.conn.Write(make([]byte, 4))
			return err
		case err != nil:
			return &readError{err}
		}
	}
}

// readError is that of what is looked at, and not of clamd.
type readError struct{ error }

// over has the end of the context said where it is why something failed.
func over(ctx context.Context, err error) error {
	if late := ctx.Err(); late != nil {
		return fmt.Errorf("looking for viruses: %w", late)
	}
	return err
}

func unreachable(err error) error {
	return fail.New(fail.Unavailable, "clamd: %w", err)
}
