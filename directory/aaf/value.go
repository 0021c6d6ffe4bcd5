package aaf

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// fields splits a composite value. Only the last field may hold "$", as the
// format has no escape for it; a value of another number of fields rejects
// the record.
func (d *decoder) fields(v string, count int) (fields [6]string, ok bool) {
	for i := range count - 1 {
		before, after, found := strings.Cut(v, "$")
		if !found {
			d.reject(MalformedComposite, d.attribute.name)
			return fields, false
		}
		fields[i], v = strings.TrimSpace(before), after
	}
	fields[count-1] = strings.TrimSpace(v)
	return fields, true
}

// coded reads "1121$CP".
func (d *decoder) coded(v string) (Coded, bool) {
	if c, ok := d.codes[v]; ok {
		return c, true
	}
	f, ok := d.fields(v, 2)
	if !ok {
		return Coded{}, false
	}
	if len(d.codes) < maxCodes {
		d.codes[strings.Clone(v)] = someCode(strings.Clone(f[0]), strings.Clone(f[1]))
	}
	return someCode(f[0], f[1]), true
}

// maxCodes bounds the nomenclature values that a decoder shares between
// records; a true nomenclature has some tens.
const maxCodes = 1 << 10

// someCode makes a nomenclature value; "-" is the nomenclature's way to say
// none ("-$SANS OBJET").
func someCode(code, label string) Coded {
	if code == "-" {
		return Coded{}
	}
	return Coded{code, label}
}

// key reads the key of another record; what is none rejects the record.
func (d *decoder) key(v string) (Key, bool) {
	key, ok := parseKey(v)
	if !ok {
		d.reject(MalformedReference, d.attribute.name)
	}
	return key, ok
}

// keys adds the key of another record to a list.
func (d *decoder) keys(v string, list *[]Key) {
	if key, ok := d.key(v); ok && !slices.Contains(*list, key) {
		*list = append(*list, key)
	}
}

// sameKey reads the jointure, which repeats the identifier.
func (d *decoder) sameKey(v string) {
	if key, ok := parseKey(v); !ok || key != d.record.Key {
		d.reject(KeyMismatch, d.attribute.name)
	}
}

func parseKey(v string) (Key, bool) {
	if !digits(v) {
		return 0, false
	}
	n, err := strconv.ParseInt(v, 10, 64)
	return Key(n), err == nil && n > 0
}

// digits tells whether v is made of digits, one at least.
func digits(v string) bool {
	for i := range len(v) {
		if v[i] < '0' || v[i] > '9' {
			return false
		}
	}
	return v != ""
}

// date reads dd/MM/yyyy; the value is ignored when it is no day.
func (d *decoder) date(v string, to *time.Time) bool {
	day, ok := parseDate(v)
	if !ok {
		d.ignore(MalformedDate)
		return false
	}
	*to = day
	return true
}

func parseDate(v string) (time.Time, bool) {
	if len(v) != len("dd/MM/yyyy") || v[2] != '/' || v[5] != '/' || !digits(v[:2]) || !digits(v[3:5]) || !digits(v[6:]) {
		return time.Time{}, false
	}
	two := func(i int) int { return int(v[i]-'0')*10 + int(v[i+1]-'0') }
	year, month, day := two(6)*100+two(8), time.Month(two(3)), two(0)
	if year < 1900 || month < time.January || month > time.December || day < 1 {
		return time.Time{}, false
	}
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == day // 31/04 gives 1 May
}

// boolean reads O and N, and the other ways met in the field.
func (d *decoder) boolean(v string, to *bool) {
	switch strings.ToLower(v) {
	case "o", "oui", "true", "1":
		*to = true
	case "n", "non", "false", "0":
		*to = false
	default:
		d.ignore(MalformedBoolean)
	}
}

// phone keeps a telephone number as it is written, but for a trailing "-".
func (d *decoder) phone(v string, to *string) {
	v = strings.TrimRight(v, " -")
	count := 0
	for i := range len(v) {
		switch c := v[i]; {
		case c >= '0' && c <= '9':
			count++
		case c == '+' && i == 0, c == ' ', c == '.', c == '-', c == '(', c == ')':
		default:
			count = 16
		}
	}
	if count < 6 || count > 15 { // ITU-T E.164: 15 digits at most
		d.ignore(MalformedPhone)
		return
	}
	*to = v
}

// mail keeps an address that has the form of one: RFC 5321 leaves the rest to
// whoever delivers.
func (d *decoder) mail(v string, to *string) {
	local, domain, ok := strings.Cut(v, "@")
	if !ok || local == "" || len(v) > 254 || strings.ContainsAny(v, " \t\n,;<>\"") ||
		strings.Contains(domain, "@") || !strings.Contains(strings.Trim(domain, "."), ".") {
		d.ignore(MalformedMail)
		return
	}
	*to = v
}

// addressLines reads "$$12 RUE DES TESTS$": up to four lines, of which the
// empty ones are left out.
func addressLines(v string) (lines []string) {
	for _, line := range strings.SplitN(v, "$", 4) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
