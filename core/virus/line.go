package virus

import (
	"net"
	"sync"
	"time"
)

// line is a connection that waits so long, and not at all once it was cut.
type line struct {
	conn  net.Conn
	mutex sync.Mutex
	over  bool
}

// wait lets what is said next take so long.
func (l *line) wait(d time.Duration) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if !l.over {
		_ = l.conn.SetDeadline(time.Now().Add(d))
	}
}

// cut ends what is being said.
func (l *line) cut() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.over = true
	_ = l.conn.SetDeadline(time.Now())
}
