package web

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"preau/core/fail"
	"preau/core/school"
)

// Clock is an hour of a day, in minutes into it.
type Clock int

// String is the text form, which browsers send and rooms store: "08:30".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// clock is how one writes an hour, and noBreak the spaces that French has within it.
var (
	clock   = regexp.MustCompile(`^(\d{1,2})\s*[:hH]\s*(\d{2})?$`)
	noBreak = strings.NewReplacer("\u00a0", " ", "\u202f", " ")
)

// ParseClock reads an hour as people write it: "08:30", "8:30", "8h30", "8 h 30", "8 h". Anything else
// is fail.Invalid, with a sentence for people.
func ParseClock(text string) (Clock, error) {
	wrong := fail.New(fail.Invalid, "%.20q is no hour", text).Say("web.no-hour")
	found := clock.FindStringSubmatch(strings.TrimSpace(noBreak.Replace(text)))
	if found == nil {
		return 0, wrong
	}
	hours, _ := strconv.Atoi(found[1])
	minutes, _ := strconv.Atoi(found[2])
	if hours > 23 || minutes > 59 {
		return 0, wrong
	}
	return Clock(60*hours + minutes), nil
}

// Clock reads a field of the form that holds an hour of whatever day: its text form, or empty when
// nothing is written.
func (r *Request) Clock(field string) (string, error) {
	text := r.PostFormValue(field)
	if strings.TrimSpace(text) == "" {
		return "", nil
	}
	c, err := ParseClock(text)
	if err != nil {
		return "", fail.At(err, field)
	}
	return c.String(), nil
}

// Hour reads a field of the form that holds an hour of a day, in Paris: that instant, or
// zero when nothing is written.
func (r *Request) Hour(field string, day time.Time) (time.Time, error) {
	text, err := r.Clock(field)
	if err != nil || text == "" {
		return time.Time{}, err
	}
	c, err := ParseClock(text)
	return time.Date(day.Year(), day.Month(), day.Day(), 0, int(c), 0, 0, school.Paris), err
}
