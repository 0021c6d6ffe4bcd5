package rich

import (
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

// rel is what every link says: the page that it leads to learns nothing of this
// one and cannot reach it, and the portal does not speak for it.
const rel = "noopener noreferrer nofollow"

// policy is the gate of every text, the last thing that is done to it; what
// this package draws passes it unchanged.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "u", "ul", "ol", "li", "h3", "blockquote")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile("^" + rel + "$")).OnElements("a")
	p.AllowURLSchemes(schemes...)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
}()

func clean(html string) string { return policy.Sanitize(html) }
