package fail

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"
)

func TestTwoVoices(t *testing.T) {
	err := fmt.Errorf("saving: %w", New(Invalid, "label of %d bytes: %w", 400, io.ErrShortBuffer).
		Say("room.label-too-long", 80).At("label").After(time.Minute))

	if got := err.Error(); got != "saving: label of 400 bytes: short buffer" {
		t.Errorf("for the log: %s", got)
	}
	var e *Error
	if !errors.As(err, &e) || e.Key != "room.label-too-long" || e.Field != "label" || e.RetryAfter != time.Minute {
		t.Errorf("for people: %+v", e)
	}
	if !errors.Is(err, io.ErrShortBuffer) {
		t.Error("the cause is lost")
	}
}

func TestKindOf(t *testing.T) {
	if KindOf(io.EOF) != Fault || KindOf(fmt.Errorf("x: %w", New(NotFound, "y"))) != NotFound {
		t.Error("wrong kind")
	}
	if Is(nil, Fault) {
		t.Error("no error is no fault")
	}
}
