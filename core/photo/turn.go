package photo

import (
	"context"
	"sync"

	"preau/core/school"
)

// turns are those of people, each of whom has one thing done at a time.
type turns struct {
	mutex sync.Mutex
	of    map[school.ID]*turn
}

// turn is that of one person.
type turn struct {
	taken   chan struct{} // full while something is done
	wanting int           // how many have it, or wait for it
}

// take waits for the turn of somebody, and gives what ends it.
func (t *turns) take(ctx context.Context, by school.ID) (end func(), err error) {
	t.mutex.Lock()
	one := t.of[by]
	if one == nil {
		one = &turn{taken: make(chan struct{}, 1)}
		t.of[by] = one
	}
	one.wanting++
	t.mutex.Unlock()
	leave := func() {
		t.mutex.Lock()
		defer t.mutex.Unlock()
		if one.wanting--; one.wanting == 0 {
			delete(t.of, by)
		}
	}
	select {
	case one.taken <- struct{}{}:
		return func() { <-one.taken; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
