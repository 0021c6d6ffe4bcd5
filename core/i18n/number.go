package i18n

import (
	"context"
	"strconv"
)

// Number says a count with its thousands parted: "1 600 000" in French (with
// narrow no-break spaces), "1,600,000" in English.
func (p Printer) Number(n int) string { return parted(n, p.Say("lang.thousands")) }

// parted writes a number with something between its thousands.
func parted(n int, thousands string) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	said := ""
	for len(digits) > 3 {
		said = thousands + digits[len(digits)-3:] + said
		digits = digits[:len(digits)-3]
	}
	return sign + digits + said
}

// Number says n in the language of the context.
func Number(ctx context.Context, n int) string { return From(ctx).Number(n) }
