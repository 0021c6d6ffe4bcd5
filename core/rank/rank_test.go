package rank_test

import (
	"errors"
	"strings"
	"testing"

	"preau/core/rank"
)

// A panic behind is one of whoever waits, who may recover from it, and tells where it
// was.
func TestPanicBehind(t *testing.T) {
	broken := errors.New("broken")
	defer func() {
		p, ok := recover().(*rank.Panic)
		if !ok || p.Value != broken || !strings.Contains(p.Error(), "TestPanicBehind") {
			t.Errorf("recovered %v", p)
		}
	}()
	rank.Behind(func() int { panic(broken) })
	t.Error("it goes on")
}
