package fail

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what went wrong, for the code that must act on it.
type Kind uint8

// The kinds. An error that is not of this package is a fault of ours.
const (
	Fault       Kind = iota // ours: 500
	NotFound                // absent, or not to be seen by this person: both look alike
	Conflict                // the thing changed, exists already, or is in use
	Invalid                 // the input cannot be accepted
	Forbidden               // the request itself is refused (another site posted it)
	SignIn                  // a session is needed first
	TooMany                 // later, see RetryAfter
	Unavailable             // the machine cannot answer now, see RetryAfter
)

// Error is a failure with its two voices.
type Error struct {
	Kind  Kind
	Key   string // text for people; empty: the kind's own text
	Args  []any  // what fills the text
	Field string // the form field at fault, when there is one
	// RetryAfter is how long to wait before trying again (TooMany,
	// Unavailable); zero when unknown.
	RetryAfter time.Duration

	cause error
}

// New makes an error of a kind; the words are for the log.
func New(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, cause: fmt.Errorf(format, args...)}
}

// Error is the voice for the log.
func (e *Error) Error() string { return e.cause.Error() }

// Unwrap gives the cause, for errors.Is.
func (e *Error) Unwrap() error { return errors.Unwrap(e.cause) }

// Say sets the text for people and returns e.
func (e *Error) Say(key string, args ...any) *Error {
	e.Key, e.Args = key, args
	return e
}

// At names the form field at fault and returns e.
func (e *Error) At(field string) *Error {
	e.Field = field
	return e
}

// At ties an error of ours to the form field at fault; any other stays as it is.
func At(err error, field string) error {
	var e *Error
	if errors.As(err, &e) {
		return e.At(field)
	}
	return err
}

// After sets how long to wait and returns e.
func (e *Error) After(wait time.Duration) *Error {
	e.RetryAfter = wait
	return e
}

// KindOf gives the kind of err, through any wrapping; Fault for an error of
// another package.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Fault
}

// InField gives the fault of one field of a form, which is shown again with
// its sentence: it cannot be accepted, or not beside what is there. It is nil
// when err is of another sort.
func InField(err error) *Error {
	var e *Error
	if errors.As(err, &e) && (e.Kind == Invalid || e.Kind == Conflict) && e.Field != "" {
		return e
	}
	return nil
}

// Is tells whether err is of the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
