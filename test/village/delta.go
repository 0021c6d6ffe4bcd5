package village

// WriteDelta writes in dir the delivery of the day after the one that the
// folder of holds, which may itself be a delta: who came, left, moved or
// changed, and all structures as additions. The village is read from the
// delivery; troubles says whether to sow some in the new one.
func WriteDelta(of, dir string, troubles bool) (Summary, error) {
	o, err := signed(of)
	if err != nil {
		return Summary{}, err
	}
	o.Day++
	o.Date = o.Date.AddDate(0, 0, 1)
	o.Troubles = troubles
	if err := o.check(); err != nil {
		return Summary{}, err
	}
	return writeWith(dir, o, delta, func(s *scribe, l *locality) error {
		l.live(o.Day - 1)
		before := l.records()
		l.liveDay(o.Day)
		s.summary.census(l)
		return s.writeDifference(before, l.records())
	})
}
